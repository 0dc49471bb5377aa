// SPDX-License-Identifier: MIT
#include "session_format/stems/stems_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "session_format/stems/track_name.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A real folder whose files hold one word: "broken", or anything else for audio of the probe below.
class StemsOf : public ::testing::Test {
 protected:
  StemsOf() {
    std::string name = (fs::temp_directory_path() / "gainstage-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~StemsOf() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void put(const std::string& relative, const std::string& content = "audio") {
    const std::string path = folder_ + "/" + relative;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << content;
  }
  void link(const std::string& relative, const std::string& target) {
    fs::create_symlink(target, folder_ + "/" + relative);
  }

  static Result<SourceInfo> probe(const std::string& path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    if (word == "broken") return failure(ErrorCode::bad_input, "This can't be read as audio.");
    SourceInfo info{.sample_rate_hz = 48000.0, .channels = 2, .frames = 48000};
    if (word == "44100") info.sample_rate_hz = 44100.0;
    if (word == "mono") info.channels = 1;
    if (word == "six") info.channels = 6;
    if (word == "four" || word == "quad") info.channels = 4;
    if (word == "quad") {
      using enum ChannelPosition;
      info.positions = {left, right, left_surround, right_surround};
      info.are_positions_known = true;
    }
    if (word == "ambisonic") {
      info.channels = 4;
      info.positions = std::vector<ChannelPosition>(4, ChannelPosition::other);
      info.are_positions_known = true;
    }
    if (word == "cut") info.missing_frames = 24000;
    return info;
  }

  Result<StemsFolder> read() const { return read_stems(folder_, probe); }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    const auto stems = read();
    EXPECT_TRUE(stems) << stems.error().sentence;
    for (const Track& track : stems->session.tracks) found.push_back(track.name);
    return found;
  }

  std::vector<std::string> note_codes() const {
    std::vector<std::string> found;
    const auto stems = read();
    for (const StemNote& note : stems->notes) found.push_back(note.code + " " + note.track);
    return found;
  }

  std::string folder_;
};

TEST_F(StemsOf, AFolderAreSortedByName) {
  put("b.wav");
  put("a.FLAC");
  put("drums/kick.wav");
  EXPECT_THAT(names(), ElementsAre("a.FLAC", "b.wav", "drums/kick.wav"));
  const auto stems = read();
  EXPECT_EQ(stems->session.name, fs::path(folder_).filename().string());
  EXPECT_EQ(stems->session.tracks[2].source_path, folder_ + "/drums/kick.wav");
  EXPECT_EQ(stems->session.tracks[2].source_frames, 48000);
  EXPECT_TRUE(stems->problems.empty());
  EXPECT_TRUE(stems->notes.empty());
}

TEST_F(StemsOf, MixedRatesHaveTheMostCommonOne) {
  put("a.wav", "44100");
  put("b.wav", "44100");
  put("c.wav");
  EXPECT_EQ(read()->session.sample_rate_hz, 44100.0);
}

TEST_F(StemsOf, TwoRatesAsCommonHaveTheHigherOne) {
  put("a.wav", "44100");
  put("b.wav");
  EXPECT_EQ(read()->session.sample_rate_hz, 48000.0);
}

TEST_F(StemsOf, MonoFilesMakeAStereoSession) {
  put("a.wav", "mono");
  EXPECT_EQ(read()->session.channels, 2u);
  EXPECT_EQ(read()->session.tracks[0].channels, 1u);
}

TEST_F(StemsOf, SurroundMakeASessionOfAsManyChannels) {
  put("a.wav");
  put("b.wav", "six");
  EXPECT_EQ(read()->session.channels, 6u);
}

TEST_F(StemsOf, FourChannelsFindTheirPlacesAmongSix) {
  put("a.wav", "quad");
  put("b.wav", "six");
  put("c.wav", "four");
  put("d.wav");
  const auto stems = read();
  ASSERT_TRUE(stems);
  EXPECT_THAT(stems->session.tracks[0].mix_channels, ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(stems->session.tracks[1].mix_channels, ElementsAre());
  EXPECT_THAT(stems->session.tracks[2].mix_channels, ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(stems->session.tracks[3].mix_channels, ElementsAre());
  // The quad says what its channels are; the other one is taken for a quad.
  EXPECT_THAT(note_codes(), ElementsAre("channel_layout c.wav"));
}

TEST_F(StemsOf, ChannelsWithoutAPlaceInTheMixAreNamed) {
  put("a.wav", "ambisonic");
  put("b.wav", "six");
  EXPECT_THAT(read()->session.tracks[0].mix_channels, ElementsAre());
  EXPECT_THAT(note_codes(), ElementsAre("channel_layout a.wav"));
}

TEST_F(StemsOf, TheSameNameStayDistinct) {
  put("kick.wav");
  put("kick.flac");
  put("a/kick.wav");
  put("b/kick.wav");
  EXPECT_THAT(names(), ElementsAre("a/kick.wav", "b/kick.wav", "kick.flac", "kick.wav"));
  EXPECT_THAT(note_codes(), ElementsAre("same_name kick.wav"));
}

TEST_F(StemsOf, UnusualNamesAreKept) {
  put("-lead.wav");
  put("a \"b\" 'c'.wav");
  put("tr\xc3\xa4um.wav");
  EXPECT_THAT(names(), ElementsAre("-lead.wav", "a \"b\" 'c'.wav", "tr\xc3\xa4um.wav"));
}

TEST_F(StemsOf, NamesThatAreNotUtf8AreShownAsUtf8AndStayUnique) {
  put("kick\xff.wav");
  put("kick\xfe.wav");
  put("line\nbreak.wav");
  EXPECT_THAT(names(), ElementsAre("kick\xef\xbf\xbd (2).wav", "kick\xef\xbf\xbd.wav",
                                   "line\xef\xbf\xbd"
                                   "break.wav"));
  EXPECT_EQ(read()->session.tracks[0].source_path, folder_ + "/kick\xff.wav");
}

TEST_F(StemsOf, HiddenFilesAndCompanionsAreIgnored) {
  put("a.wav");
  for (const char* name : {".DS_Store", "._a.wav", "a.wav.asd", "a.wav.reapeaks", "gainstage.toml",
                           "report.json", "report.html", "__MACOSX/a.wav", ".hidden/b.wav"}) {
    put(name);
  }
  EXPECT_THAT(names(), ElementsAre("a.wav"));
  EXPECT_TRUE(read()->notes.empty());
}

TEST_F(StemsOf, OtherFilesAreNamedInOneNote) {
  put("a.wav");
  put("lyrics.txt");
  put("cover.jpg");
  put("noextension");
  const auto stems = read();
  ASSERT_EQ(stems->notes.size(), 1u);
  EXPECT_EQ(stems->notes[0].code, "left_out");
  EXPECT_THAT(stems->notes[0].sentence, HasSubstr("cover.jpg, lyrics.txt, noextension"));
}

TEST_F(StemsOf, AudioThatCannotBeReadIsAProblemAndNotLost) {
  put("a.wav");
  put("b.wav", "broken");
  put("c.m4a");
  link("d.wav", "nowhere.wav");
  const auto stems = read();
  ASSERT_TRUE(stems);
  ASSERT_EQ(stems->problems.size(), 3u);
  EXPECT_EQ(stems->problems[0].where.track, "b.wav");
  EXPECT_EQ(stems->problems[0].where.file, folder_ + "/b.wav");
  EXPECT_THAT(stems->problems[1].sentence, HasSubstr(".m4a"));
  EXPECT_THAT(stems->problems[2].sentence, HasSubstr("symbolic link"));
}

TEST_F(StemsOf, ATruncatedFileIsNoted) {
  put("a.wav", "cut");
  const auto stems = read();
  ASSERT_EQ(stems->notes.size(), 1u);
  EXPECT_THAT(stems->notes[0].sentence, HasSubstr("the last 0.500 s of the 1.500 s"));
}

TEST_F(StemsOf, SymlinkLoopsEnd) {
  put("drums/kick.wav");
  link("drums/up", "..");
  link("here", ".");
  link("itself", "itself");
  link("same", "drums");
  EXPECT_THAT(names(), ElementsAre("drums/kick.wav"));
  EXPECT_THAT(note_codes(),
              ElementsAre("folder_again here", "folder_again same", "folder_again drums/up", "left_out "));
}

TEST_F(StemsOf, TheSameFileByALinkIsTakenOnceUnderItsRealName) {
  put("z/kick.wav");
  link("a.wav", "z/kick.wav");
  EXPECT_THAT(names(), ElementsAre("z/kick.wav"));
  EXPECT_THAT(note_codes(), ElementsAre("duplicate a.wav"));
}

TEST_F(StemsOf, HardLinksAreStemsEach) {
  put("a.wav");
  put("z/b.wav");
  fs::create_hard_link(folder_ + "/a.wav", folder_ + "/copy.wav");
  fs::create_hard_link(folder_ + "/z/b.wav", folder_ + "/z/copy.wav");
  link("linked.wav", "copy.wav");
  EXPECT_THAT(names(), ElementsAre("a.wav", "copy.wav", "z/b.wav", "z/copy.wav"));
  EXPECT_THAT(note_codes(), ElementsAre("duplicate linked.wav"));
}

TEST_F(StemsOf, LinksToFoldersElsewhereAreFollowed) {
  put("real/kick.wav");
  put("session/a.wav");
  link("session/drums", "../real");
  const auto stems = read_stems(folder_ + "/session", probe);
  ASSERT_EQ(stems->session.tracks.size(), 2u);
  EXPECT_EQ(stems->session.tracks[1].name, "drums/kick.wav");
}

TEST_F(StemsOf, OurOwnMixIsNoTrack) {
  put("a.wav");
  put("staged/mix.wav");
  put("staged/stems/a.wav");
  put("staged/report.json", R"({"schema": 1, "gainstage": {"version": "0.1.0"}})");
  EXPECT_THAT(names(), ElementsAre("a.wav"));
  EXPECT_THAT(note_codes(), ElementsAre("own_output staged"));
  const auto staged = read_stems(folder_ + "/staged", probe);
  ASSERT_TRUE(staged);
  ASSERT_EQ(staged->session.tracks.size(), 1u);
  EXPECT_EQ(staged->session.tracks[0].name, "stems/a.wav");
}

TEST_F(StemsOf, AFolderWithoutAudioAreAnError) {
  put("readme.txt");
  const auto stems = read();
  ASSERT_FALSE(stems);
  EXPECT_EQ(stems.error().code, ErrorCode::bad_input);
  EXPECT_EQ(stems.error().where.file, folder_);
  EXPECT_THAT(stems.error().sentence, HasSubstr("no audio"));
}

TEST_F(StemsOf, AFolderOfBrokenFilesOnlyNameTheFirst) {
  put("a.wav", "broken");
  put("b.wav", "broken");
  const auto stems = read();
  ASSERT_FALSE(stems);
  EXPECT_THAT(stems.error().sentence, HasSubstr("None of the 2 audio files"));
  EXPECT_THAT(stems.error().sentence, HasSubstr("a.wav: This can't be read as audio."));
}

TEST_F(StemsOf, AMissingFolderOrAFileAreErrors) {
  put("a.wav");
  EXPECT_THAT(read_stems(folder_ + "/none", probe).error().sentence, HasSubstr("no such folder"));
  EXPECT_THAT(read_stems(folder_ + "/a.wav", probe).error().sentence, HasSubstr("This is a file"));
}

TEST(TrackName, KeepsUtf8AndReplacesTheRestByteByByte) {
  EXPECT_EQ(to_printable_utf8("a\xe2\x82\xac\xf0\x9f\xa5\x81"), "a\xe2\x82\xac\xf0\x9f\xa5\x81");
  const std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(to_printable_utf8("\xc0\xaf"), bad + bad);            // Overlong.
  EXPECT_EQ(to_printable_utf8("\xed\xa0\x80"), bad + bad + bad);  // A surrogate.
  EXPECT_EQ(to_printable_utf8("\xe2\x82"), bad + bad);            // Cut off.
  EXPECT_EQ(to_printable_utf8("\x1b[2J\x7f"), bad + "[2J" + bad);
  EXPECT_EQ(to_printable_utf8("\xc2\x9b"), bad);  // A control character of two bytes.
}

}  // namespace
}  // namespace gainstage
