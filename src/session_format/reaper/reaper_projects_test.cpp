// SPDX-License-Identifier: MIT
// Projects that REAPER itself has written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "session_format/reaper/rpp_tree.h"
#include "session_format/reaper/test_project.h"

namespace gainstage::test {
namespace {

namespace fs = std::filesystem;

class ReaperProjects : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(GAINSTAGE_SOURCE_DIR) / ".." / "shared" / "data" / "sessions" / "reaper";
    if (!fs::is_directory(folder_)) GTEST_SKIP() << "no shared/data/sessions/reaper beside the checkout";
  }
  std::string bytes_of(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> names() const {
    return {"YARG.rpp", "empty.rpp", "multiple-media-paths.rpp", "vst.RPP", "with-external-files.rpp"};
  }
  fs::path folder_;
};

TEST_F(ReaperProjects, StayAsTheyAreWithoutAChange) {
  for (const std::string& name : names()) {
    const std::string bytes = bytes_of(name);
    const ReaperDocument document = must_read(bytes);
    EXPECT_EQ(document.bytes(), bytes) << name;
    EXPECT_EQ(document.patch({})->bytes, bytes) << name;
  }
}

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines(1);
  for (const char c : bytes) {
    lines.back() += c;
    if (c == '\n') lines.emplace_back();
  }
  return lines;
}

TEST_F(ReaperProjects, KeepEveryLineButThoseThatAreNamed) {
  for (const std::string& name : names()) {
    const std::string bytes = bytes_of(name);
    const ReaperDocument document = must_read(bytes);
    std::vector<StageChange> changes;
    for (std::size_t i = 0; i < document.flow().strips.size(); ++i) {
      changes.push_back({{StageKind::fader, i, 0}, Db{-1.25}});
    }
    const auto patched = document.patch(changes);
    ASSERT_TRUE(patched);
    EXPECT_TRUE(patched->losses.empty()) << name;
    const std::vector<std::string> before = lines_of(bytes);
    const std::vector<std::string> after = lines_of(patched->bytes);
    ASSERT_EQ(after.size(), before.size()) << name;
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      ++changed;
      EXPECT_TRUE(before[i].starts_with("    VOLPAN ") || before[i].starts_with("  MASTER_VOLUME "))
          << before[i];
      const auto tail = [](const std::string& line) {
        const std::size_t gain = line.find(' ', line.find_first_not_of(' ')) + 1;
        return line.substr(line.find(' ', gain));
      };
      EXPECT_EQ(tail(after[i]), tail(before[i]));
    }
    EXPECT_EQ(changed, document.flow().strips.size()) << name;
    const ReaperDocument again = must_read(patched->bytes);
    for (std::size_t i = 0; i < changed; ++i) {
      EXPECT_NEAR(to_db(again.flow().strips[i].fader.ratio).value,
                  to_db(document.flow().strips[i].fader.ratio).value - 1.25, 1e-10);
    }
  }
}

TEST_F(ReaperProjects, MeanWhatTheySay) {
  const SignalFlow vst = must_read(bytes_of("vst.RPP")).flow();
  ASSERT_EQ(vst.strips.size(), 11u);
  EXPECT_EQ(vst.strips[2].name, "|Beep Boop");
  EXPECT_EQ(vst.strips[2].kind, StripKind::folder);
  EXPECT_EQ(vst.strips[3].outputs.at(0).to, 2u);
  EXPECT_EQ(vst.strips[5].name, "\"hey");
  EXPECT_EQ(vst.strips[0].inserts.at(0).name, "ReaComp (Cockos)");
  EXPECT_EQ(vst.strips[0].sends.at(0).to, 4u);
  EXPECT_EQ(vst.strips[4].sends.at(0).to, 1u);
  EXPECT_EQ(vst.strips[1].fader.automation->points.size(), 3u);
  const SignalFlow files = must_read(bytes_of("with-external-files.rpp")).flow();
  EXPECT_EQ(files.strips.size(), 20u);
  EXPECT_EQ(files.sources.at(0).path, "media/06-Left-201115_1121.wv");
  const SignalFlow yarg = must_read(bytes_of("YARG.rpp")).flow();
  EXPECT_EQ(yarg.version, "7.42/linux-x86_64");
  EXPECT_EQ(yarg.strips.size(), 25u);
}

}  // namespace
}  // namespace gainstage::test
