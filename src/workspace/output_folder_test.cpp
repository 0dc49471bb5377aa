// SPDX-License-Identifier: MIT
#include "workspace/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gainstage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OutputFolderTest : public testing::Test {
 protected:
  OutputFolderTest() {
    std::string name = (fs::path(testing::TempDir()) / "gainstage output folder XXXXXX").string();
    place_ = mkdtemp(name.data());
  }
  ~OutputFolderTest() override { fs::remove_all(place_); }

  std::string at(const std::string& name) const { return (place_ / name).string(); }

  static void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(place_), fs::directory_iterator{}));
  }

  fs::path place_;
};

TEST_F(OutputFolderTest, AppearsWhenItIsWhole) {
  auto output = OutputFolder::create(at("out"), Overwrite::no).value();
  write(fs::path(output.path()) / "mix.wav", "mix");
  EXPECT_FALSE(fs::exists(at("out")));
  ASSERT_TRUE(output.commit());
  EXPECT_EQ(read(at("out/mix.wav")), "mix");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFolderTest, LeavesNothingWithoutCommit) {
  { auto output = OutputFolder::create(at("out/"), Overwrite::no).value(); }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(OutputFolderTest, IsNotPutOverAnother) {
  write(at("out/notes.txt"), "mine");
  const auto output = OutputFolder::create(at("out"), Overwrite::no);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::io);
  EXPECT_THAT(output.error().sentence, HasSubstr("--force"));
}

TEST_F(OutputFolderTest, ReplacesItsOwnFilesAndKeepsOthers) {
  write(at("out/notes.txt"), "mine");
  write(at("out/mix.wav"), "old");
  write(at("out/report.html"), "old");
  write(at("out/report.json"), R"({"schema": "gainstage.report/1"})");
  write(at("out/stems/kick.wav"), "old");
  auto output = OutputFolder::create(at("out"), Overwrite::yes).value();
  write(fs::path(output.path()) / "mix.flac", "new");
  write(fs::path(output.path()) / "stems/kick.wav", "new");
  ASSERT_TRUE(output.commit());
  EXPECT_EQ(read(at("out/notes.txt")), "mine");
  EXPECT_EQ(read(at("out/mix.flac")), "new");
  EXPECT_EQ(read(at("out/stems/kick.wav")), "new");
  EXPECT_FALSE(fs::exists(at("out/mix.wav")));
  EXPECT_FALSE(fs::exists(at("out/report.html")));
}

TEST_F(OutputFolderTest, RemovesTheStemsOfAnEarlierRunOnly) {
  write(at("out/report.json"), R"({"schema": "gainstage.report/1",
      "stems": ["stems/kick.wav", "stems/a/gtr.wav", "stems/b/vox.wav", "stems/linked/x.wav", "stems/gone.wav",
                "stems/../notes.txt", "notes.txt", "/etc/hostname", "stems", "", 7]})");
  for (const char* name : {"out/stems/kick.wav", "out/stems/a/gtr.wav", "out/stems/b/vox.wav",
                           "out/stems/b/mine.wav", "out/notes.txt", "elsewhere/x.wav"}) {
    write(at(name), "old");
  }
  fs::create_directory_symlink(at("elsewhere"), at("out/stems/linked"));
  auto output = OutputFolder::create(at("out"), Overwrite::yes).value();
  write(fs::path(output.path()) / "stems/kick.wav", "new");
  ASSERT_TRUE(output.commit());
  EXPECT_EQ(read(at("out/stems/kick.wav")), "new");
  EXPECT_FALSE(fs::exists(at("out/stems/a")));
  EXPECT_FALSE(fs::exists(at("out/stems/b/vox.wav")));
  EXPECT_TRUE(fs::exists(at("out/stems/b/mine.wav")));
  EXPECT_TRUE(fs::exists(at("out/notes.txt")));
  EXPECT_TRUE(fs::exists(at("elsewhere/x.wav")));
}

TEST_F(OutputFolderTest, RemovesNothingFromAFolderThatIsNotItsOwn) {
  write(at("out/mix.wav"), "mine");
  write(at("out/report.json"), "{}");
  auto output = OutputFolder::create(at("out"), Overwrite::yes).value();
  write(fs::path(output.path()) / "mix.flac", "new");
  ASSERT_TRUE(output.commit());
  EXPECT_EQ(read(at("out/mix.wav")), "mine");
  EXPECT_TRUE(fs::exists(at("out/mix.flac")));
}

TEST_F(OutputFolderTest, IsNotPutOverWhatAppearsMeanwhile) {
  auto output = OutputFolder::create(at("out"), Overwrite::no).value();
  write(fs::path(output.path()) / "mix.wav", "new");
  write(at("out/mix.wav"), "mine");
  EXPECT_FALSE(output.commit());
  EXPECT_EQ(read(at("out/mix.wav")), "mine");
}

TEST_F(OutputFolderTest, NeedsAFolderToLieIn) {
  EXPECT_FALSE(OutputFolder::create(at("no/such/out"), Overwrite::no));
  write(at("file"), "");
  EXPECT_FALSE(OutputFolder::create(at("file"), Overwrite::yes));
}

TEST_F(OutputFolderTest, SpeaksOfTheFinalPlace) {
  const auto output = OutputFolder::create(at("out"), Overwrite::no).value();
  const Error error{ErrorCode::io, output.path() + "/mix.wav: no space", {}};
  EXPECT_EQ(output.in_final_words(error).sentence, at("out/mix.wav: no space"));
}

TEST_F(OutputFolderTest, DefaultsToAFolderBesideTheStems) {
  EXPECT_EQ(default_output("song"), "song-staged");
  EXPECT_EQ(default_output("a/song//"), "a/song-staged");
  EXPECT_EQ(default_output("a/song/."), "a/song-staged");
  EXPECT_EQ(default_output("."), fs::current_path().string() + "-staged");
}

TEST_F(OutputFolderTest, IsKeptOutOfTheStems) {
  fs::create_directories(at("song/sub"));
  const Session session;
  EXPECT_FALSE(check_output(at("song"), at("song"), session));
  EXPECT_FALSE(check_output(at("song/out"), at("song/"), session));
  EXPECT_FALSE(check_output(at("song/sub/../x"), at("song"), session));
  EXPECT_TRUE(check_output(at("song-staged"), at("song"), session));
  EXPECT_FALSE(check_output_file(at("song/mix.wav"), at("song"), session));
}

TEST_F(OutputFolderTest, NeverReplacesAStem) {
  write(at("song/stems/kick.wav"), "kick");
  Session session;
  session.tracks.push_back({"kick.wav", at("song/stems/kick.wav"), 48000.0, 2, 1});
  const auto checked = check_output(at("song"), at("song/stems"), session);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace gainstage
