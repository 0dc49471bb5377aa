// SPDX-License-Identifier: MIT
#include "engine/stem_names.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

using Names = std::vector<std::string>;

Names names_of(const Names& tracks, Container container) {
  Session session;
  for (const std::string& name : tracks) session.tracks.push_back({name, name, 48000.0, 2, 1});
  return stem_names(session, container);
}

TEST(StemNames, KeepFoldersAndGetTheNewExtension) {
  EXPECT_EQ(names_of({"a/gtr.wav", "gtr.wav", "v1.2/take 1.aif", "vox"}, Container::flac),
            (Names{"a/gtr.flac", "gtr.flac", "v1.2/take 1.flac", "vox.flac"}));
}

TEST(StemNames, KeepTheOldExtensionInsideWhereTwoWouldBeTheSame) {
  EXPECT_EQ(names_of({"a.aif", "a.wav"}, Container::flac), (Names{"a.aif.flac", "a.wav.flac"}));
  EXPECT_EQ(names_of({"x/a.flac", "x/a.wav"}, Container::wav), (Names{"x/a.flac.wav", "x/a.wav"}));
}

TEST(StemNames, GetANumberWhereThatIsTakenToo) {
  EXPECT_EQ(names_of({"a.flac", "a.flac.aif", "a.wav"}, Container::wav),
            (Names{"a.flac (2).wav", "a.flac.wav", "a.wav"}));
  EXPECT_EQ(names_of({"a.flac", "a.wav", "a.wav.flac"}, Container::wav),
            (Names{"a.flac.wav", "a.wav", "a.wav.wav"}));
}

TEST(StemNames, AreNoFolderOfAnother) {
  EXPECT_EQ(names_of({"a.flac", "a.wav/b.wav"}, Container::wav), (Names{"a.flac.wav", "a.wav/b.wav"}));
}

TEST(StemNames, StayWhenTheStemsAreWrittenAgain) {
  const Names tracks{"a.flac", "a.flac.aif", "a.wav", "a/gtr.wav", "gtr.wav", "x.wav/y.aif"};
  const Names once = names_of(tracks, Container::wav);
  EXPECT_EQ(names_of(once, Container::wav), once);
}

}  // namespace
}  // namespace gainstage
