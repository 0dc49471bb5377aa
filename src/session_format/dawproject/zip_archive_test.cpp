// SPDX-License-Identifier: MIT
#include "session_format/dawproject/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace gainstage {
namespace {

using ::testing::HasSubstr;

std::string noise(std::size_t bytes) {
  std::mt19937 random(7);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

std::string sample_zip() {
  static const std::string audio = noise(300'000);
  const NewZipMember members[] = {{"metadata.xml", "<MetaData/>"},
                                  {"project.xml", "<Project/>"},
                                  {"audio/a b.wav", audio, NewZipMember::Method::stored},
                                  {"audio/\xC3\xA9.wav", audio}};
  return *write_zip(members);
}

std::string sentence(const std::string& bytes) {
  const auto zip = ZipArchive::read(bytes);
  return zip ? "" : zip.error().sentence;
}

// Puts a little-endian number into the headers (local and central) of every member of that name.
void poke(std::string& zip, std::string_view name, std::size_t local, std::size_t central,
          std::uint32_t value, int bytes) {
  for (std::size_t at = zip.find(name); at != std::string::npos; at = zip.find(name, at + 1)) {
    std::size_t field = 0;
    if (at >= 30 && zip.compare(at - 30, 4, "PK\3\4") == 0) field = at - 30 + local;
    if (at >= 46 && zip.compare(at - 46, 4, "PK\1\2") == 0) field = at - 46 + central;
    for (int i = 0; field != 0 && i < bytes; ++i) zip[field + i] = static_cast<char>(value >> (8 * i));
  }
}

TEST(ZipArchive, ReadsWhatWasWritten) {
  const auto zip = ZipArchive::read(sample_zip());
  ASSERT_TRUE(zip) << zip.error().sentence;
  ASSERT_EQ(zip->members().size(), 4u);
  EXPECT_EQ(zip->members()[3].name, "audio/\xC3\xA9.wav");
  EXPECT_EQ(*zip->content(*zip->find("project.xml"), 100), "<Project/>");
  EXPECT_EQ(*zip->content(*zip->find("audio/a b.wav"), 300'000), noise(300'000));
  EXPECT_EQ(zip->find("project"), std::nullopt);
}

TEST(ZipArchive, WritesTheSameBytesForTheSameContent) { EXPECT_EQ(sample_zip(), sample_zip()); }

TEST(ZipArchive, ReplacesOneMemberAndLeavesTheOthersBytes) {
  const std::string bytes = sample_zip();
  const auto before = ZipArchive::read(bytes);
  const auto replaced = before->with(1, "<Project version='1.0'/>");
  ASSERT_TRUE(replaced) << replaced.error().sentence;
  const auto after = ZipArchive::read(*replaced);
  ASSERT_EQ(after->members().size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(after->members()[i].name, before->members()[i].name);
  EXPECT_EQ(*after->content(1, 100), "<Project version='1.0'/>");
  // From the first member behind it to the central directory: the same bytes, headers and all.
  const std::size_t begin = bytes.find("audio/a b.wav") - 30;
  const std::size_t end = bytes.find("PK\1\2");
  EXPECT_NE(replaced->find(bytes.substr(begin, end - begin)), std::string::npos);
  EXPECT_EQ(*before->with(1, "<Project version='1.0'/>"), *replaced);
}

TEST(ZipArchive, StopsAtTheLimit) {
  const auto zip = ZipArchive::read(sample_zip());
  std::size_t passed = 0;
  const auto read = zip->stream(2, 299'999, [&](std::string_view piece) -> Result<void> {
    passed += piece.size();
    return {};
  });
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().sentence, HasSubstr("holds 300000 bytes; at most 299999"));
  EXPECT_EQ(passed, 0u);
}

TEST(ZipArchive, CountsWhatIsReadWhateverIsClaimed) {
  std::string zeros(5'000'000, '\0');
  const NewZipMember members[] = {{"bomb", zeros}};
  std::string bytes = *write_zip(members);
  poke(bytes, "bomb", 22, 24, 10, 4);  // The uncompressed size.
  const auto zip = ZipArchive::read(bytes);
  ASSERT_TRUE(zip);
  std::size_t passed = 0;
  const auto read = zip->stream(0, 1'000'000, [&](std::string_view piece) -> Result<void> {
    passed += piece.size();
    return {};
  });
  EXPECT_FALSE(read);
  EXPECT_LE(passed, 1'000'000u);
}

TEST(ZipArchive, RefusesTenGigabytesByTheirClaim) {
  std::string bytes = sample_zip();
  poke(bytes, "project.xml", 22, 24, 0xFFFFFFF0u, 4);
  const auto zip = ZipArchive::read(bytes);
  ASSERT_TRUE(zip) << zip.error().sentence;
  const auto read = zip->content(1, 1 << 20);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().sentence, HasSubstr("4294967280 bytes"));
}

TEST(ZipArchive, RefusesNamesThatLeadOut) {
  for (const std::string name :
       {"../evil", "/etc/passwd", "a/../../evil", "..", "C:/evil", "\\\\server\\x", "a\\..\\b"}) {
    EXPECT_FALSE(is_safe_member_name(name)) << name;
    const NewZipMember members[] = {{name, "x"}};
    EXPECT_FALSE(write_zip(members)) << name;
  }
  for (const std::string name : {"a..b", "a/..b", "audio/x.wav", "plugins/"})
    EXPECT_TRUE(is_safe_member_name(name));
  std::string bytes = sample_zip();
  for (std::size_t at = bytes.find("audio/a b"); at != std::string::npos; at = bytes.find("audio/a b", at)) {
    bytes.replace(at, 9, "../../a b");
  }
  EXPECT_THAT(sentence(bytes), HasSubstr("'../../a b.wav', a place outside"));
}

TEST(ZipArchive, RefusesTwoMembersOfOneName) {
  std::string bytes = sample_zip();
  for (std::size_t at = bytes.find("metadata.xml"); at != std::string::npos;
       at = bytes.find("metadata.xml", at)) {
    bytes.replace(at, 12, "xproject.xml");
  }
  EXPECT_EQ(sentence(bytes), "");
  const NewZipMember members[] = {{"project.xml", "<a/>"}, {"qroject.xml", "<b/>"}};
  bytes = *write_zip(members);
  for (std::size_t at = bytes.find("qroject"); at != std::string::npos; at = bytes.find("qroject", at))
    bytes[at] = 'p';
  EXPECT_THAT(sentence(bytes), HasSubstr("two members 'project.xml'"));
}

TEST(ZipArchive, RefusesWhatItCannotUnpack) {
  std::string encrypted = sample_zip();
  poke(encrypted, "project.xml", 6, 8, 1, 2);  // General purpose bit 0.
  auto zip = ZipArchive::read(encrypted);
  ASSERT_TRUE(zip) << zip.error().sentence;
  EXPECT_THAT(zip->content(1, 100).error().sentence, HasSubstr("encrypted"));

  std::string odd = sample_zip();
  poke(odd, "project.xml", 8, 10, 97, 2);  // The method: WavPack.
  zip = ZipArchive::read(odd);
  ASSERT_TRUE(zip) << zip.error().sentence;
  EXPECT_THAT(zip->content(1, 100).error().sentence, HasSubstr("method 97"));
}

TEST(ZipArchive, FindsDamageByTheCheckSum) {
  std::string bytes = sample_zip();
  bytes[bytes.find("audio/a b.wav") + 1000] ^= 1;
  const auto zip = ZipArchive::read(bytes);
  ASSERT_TRUE(zip);
  EXPECT_THAT(zip->content(2, 1 << 20).error().sentence, HasSubstr("damaged"));
}

TEST(ZipArchive, RefusesWhatIsNoArchive) {
  EXPECT_THAT(sentence(""), HasSubstr("not a zip archive"));
  EXPECT_THAT(sentence("<Project/>"), HasSubstr("not a zip archive"));
  const std::string bytes = sample_zip();
  for (std::size_t length = 0; length < bytes.size(); length += 9973) {
    EXPECT_THAT(sentence(bytes.substr(0, length)), HasSubstr("not a zip archive")) << length;
  }
}

TEST(ZipArchive, BoundsTheNumberOfMembers) {
  EXPECT_FALSE(ZipArchive::read(sample_zip(), {.members = 3}));
  EXPECT_TRUE(ZipArchive::read(sample_zip(), {.members = 4}));
}

TEST(ZipArchive, PassesOnTheFailureOfWhoWrites) {
  const auto zip = ZipArchive::read(sample_zip());
  const auto read = zip->stream(2, 1 << 20, [](std::string_view) -> Result<void> {
    return failure(ErrorCode::io, "The disk is full.");
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace gainstage
