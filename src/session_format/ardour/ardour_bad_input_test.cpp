// SPDX-License-Identifier: MIT
// Sessions that are damaged or made to harm: a sentence, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "session/flow_check.h"
#include "session_format/ardour/test_session.h"

namespace gainstage::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string with_routes(const std::string& routes, const std::string& playlists = "") {
  Parts parts;
  parts.routes = routes;
  parts.playlists = playlists;
  return session(parts);
}

TEST(ArdourBadInput, OfAnotherKindIsNamed) {
  for (const char* bytes :
       {"", "\n", "RIFF....WAVE", "<Session", "<a/>", "<Session/>", "<Session version='7002'/>",
        "<Session version='7002' sample-rate='48000'><Sources/><Routes/></Session>"}) {
    EXPECT_THAT(error_of(bytes), Not(IsEmpty())) << bytes;
  }
  EXPECT_THAT(error_of("<Project/>"), HasSubstr("'Project'; expected 'Session'"));
}

TEST(ArdourBadInput, OfOldVersionsIsRefused) {
  Parts parts;
  for (const char* version : {"2.0.0", "2", "", "x", "nan", "-7002", "1e300"}) {
    parts.version = version;
    EXPECT_THAT(error_of(session(parts)), HasSubstr("The session's version is")) << version;
  }
}

TEST(ArdourBadInput, ThatIsCutShortIsRefusedAtEveryByte) {
  const std::string whole =
      with_routes(track("2", "kick", trim("1") + amp("1")), playlist("2", region("r", 0.0)));
  ASSERT_THAT(error_of(whole), IsEmpty());
  for (std::size_t end = 0; end + 2 < whole.size(); ++end) {
    EXPECT_THAT(error_of(whole.substr(0, end)), Not(IsEmpty())) << end;
  }
}

TEST(ArdourBadInput, HasGainsThatAreNone) {
  for (const char* gain : {"nan", "inf", "-inf", "-1", "1e999", "", "1,5", "loud", "0x1p3", "1 "}) {
    EXPECT_THAT(error_of(with_routes(track("2", "kick", amp(gain)))), HasSubstr("the fader of 'kick'"))
        << gain;
    EXPECT_THAT(error_of(with_routes(track("2", "kick", trim(gain) + amp("1")))),
                HasSubstr("the trim of 'kick'"))
        << gain;
    EXPECT_THAT(error_of(with_routes(track("2", "kick", send("1", gain) + amp("1")))), HasSubstr("the send"))
        << gain;
  }
  for (const char* gain : {"nan", "inf", "", "loud"}) {
    EXPECT_THAT(
        error_of(with_routes(track("2", "kick", amp("1")),
                             playlist("2", region("r", 0.0, fmt::format("scale-amplitude='{}'", gain))))),
        HasSubstr("the region 'r' of 'kick'"))
        << gain;
  }
}

TEST(ArdourBadInput, SaysTheLine) {
  const std::string bytes = with_routes(track("2", "kick", trim("1") + amp("-1")));
  const auto document = ArdourDocument::read(bytes);
  ASSERT_FALSE(document);
  const auto before = bytes.substr(0, bytes.find("value=\"-1\""));
  EXPECT_EQ(document.error().where.line, 1 + std::count(before.begin(), before.end(), '\n'));
  EXPECT_EQ(document.error().where.track, "kick");
}

TEST(ArdourBadInput, HasAutomationThatIsNone) {
  for (const char* events :
       {"a0", "a0 x", "x 1", "a0 nan", "a0 1 a5", "a1e99 1", "b1e99 1", "anan 1", "- 1"}) {
    EXPECT_THAT(error_of(with_routes(track("2", "kick", amp("1", list("gain", "Linear", "Play", events))))),
                HasSubstr("The automation of the fader of 'kick'"))
        << events;
    EXPECT_THAT(error_of(with_routes(track("2", "kick", amp("1", list("gain", "Linear", "Off", events))))),
                IsEmpty())
        << "a list that is off is not looked at";
  }
}

TEST(ArdourBadInput, HasRegionsWithoutAPlace) {
  const auto place = [](std::string_view attributes) {
    return error_of(with_routes(
        track("2", "kick", amp("1")),
        playlist("2",
                 fmt::format("<Region name='r' type='audio' channels='1' source-0='s1' {}/>", attributes))));
  };
  for (const char* attributes :
       {"", "start='a0' length='a5'  position='q'", "start='a0' length='a-5@a0'",
        "start='anan' length='a5@a0'", "start='a0' length='@a0'", "start='a0' length='a5@'",
        "start='a0' length='a1e300@a0'", "start='a0' length='bx@b0'"}) {
    EXPECT_THAT(place(attributes), HasSubstr("has no place")) << attributes;
  }
  EXPECT_THAT(place("start='a0' length='b1920@a5'"), IsEmpty());
}

TEST(ArdourBadInput, HasNoMasterOrTwo) {
  Parts parts;
  parts.master_route = "";
  EXPECT_THAT(error_of(session(parts)), HasSubstr("0 master buses"));
  parts.master_route = master() + route("7", "Second", "MasterOut", io("Second", 2, ""));
  EXPECT_THAT(error_of(session(parts)), HasSubstr("2 master buses"));
  EXPECT_THAT(error_of(with_routes(track("1", "kick", amp("1")))), HasSubstr("Two routes have the id '1'"));
}

TEST(ArdourBadInput, GoesRoundInCircles) {
  // Reading leaves it to check_flow(), which names them.
  const std::string bytes = with_routes(route("2", "a", "AudioBus", io("a", 2, "b") + amp("1")) +
                                        route("3", "b", "AudioBus", io("b", 2, "a") + amp("1")));
  const ArdourDocument document = must_read(bytes);
  EXPECT_FALSE(check_flow(document.flow()));
  EXPECT_FALSE(check_flow(must_read(with_routes(bus("2", "a", amp("1") + send("2", "1")))).flow()));
  const std::string isolated = "<Controllable name='solo-iso' value='1' solo-isolated='1'/>";
  must_read(with_routes(route("2", "a", "AudioBus", io("a", 2, "b") + isolated) +
                        route("3", "b", "AudioBus", io("b", 2, "a"))));
}

TEST(ArdourBadInput, IsNotUtf8) {
  for (const char* name : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_THAT(error_of(with_routes(track("2", name, amp("1")))), HasSubstr("not UTF-8")) << name;
  }
  EXPECT_THAT(error_of(with_routes(track("2", "gr\xc3\xbc\xc3\x9f", amp("1")))), IsEmpty());
  EXPECT_THAT(error_of(std::string("\xff\xfe<\0S\0", 6)), Not(IsEmpty()));
}

// Entities of a document type are not expanded, so nothing grows; files outside are not read.
TEST(ArdourBadInput, ExpandsNoEntities) {
  std::string bomb = "<!DOCTYPE Session [<!ENTITY a0 \"boom\">";
  for (int i = 1; i < 30; ++i) {
    bomb += fmt::format("<!ENTITY a{} \"{}\">", i, repeated(fmt::format("&a{};", i - 1), 10));
  }
  bomb += "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>";
  std::string bytes = with_routes(track("2", "kick &a29; &file;", amp("1")));
  bytes.insert(bytes.find("<Session"), bomb);
  const ArdourDocument document = must_read(bytes);
  EXPECT_EQ(document.flow().strips.at(1).name, "kick &a29; &file;");
}

TEST(ArdourBadInput, ThatIsDeepIsRefused) {
  const std::size_t depth = 1'000'000;
  std::string bytes = session({});
  bytes.insert(bytes.find("<Sources>"), repeated("<a>", depth) + repeated("</a>", depth));
  EXPECT_THAT(error_of(std::move(bytes)), HasSubstr("nested"));
}

TEST(ArdourBadInput, ThatIsHugeTakesBoundedTime) {
  const auto seconds_for = [](std::string bytes) {
    const auto start = std::chrono::steady_clock::now();
    error_of(std::move(bytes));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  constexpr std::size_t hundred_mb = 100'000'000;
  EXPECT_LT(seconds_for(repeated("<a>", hundred_mb / 3)), 30.0);
  EXPECT_LT(seconds_for(std::string(hundred_mb, ' ')), 30.0);
  std::string regions = session({});
  const std::string one = region("r", 0.0);
  regions.insert(regions.find("</Playlists>"), repeated(one, hundred_mb / one.size()));
  EXPECT_LT(seconds_for(std::move(regions)), 60.0);
  std::string points =
      with_routes(track("2", "k", amp("1", list("gain", "Linear", "Play", repeated("a1 1\n", 12'000'000)))));
  EXPECT_THAT(error_of(points), HasSubstr("automation points"));
}

TEST(ArdourBadInput, ThatIsAskedForOverAndOverTakesBoundedTime) {
  // Ten thousand tracks that share a playlist of a hundred thousand regions would be a billion clips.
  std::string tracks;
  for (int i = 0; i < 9000; ++i) {
    tracks += fmt::format(
        "<Route id='{}' name='t' audio-playlist='p'><PresentationInfo flags='AudioTrack'/></Route>", i + 10);
  }
  const std::string list = "<Playlist id='p'>" + repeated(region("r", 0.0), 1000) + "</Playlist>";
  EXPECT_THAT(error_of(with_routes(tracks, list)), HasSubstr("regions"));
}

}  // namespace
}  // namespace gainstage::test
