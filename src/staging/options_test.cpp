// SPDX-License-Identifier: MIT
#include "staging/options.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

Session session_of(std::initializer_list<const char*> names) {
  Session session;
  for (const char* name : names) session.tracks.push_back({name, name, 48000.0, 2, 48000});
  return session;
}

TEST(ResolveNames, FindsATrackWithoutItsExtension) {
  StagingOptions options;
  options.locked = {"Kick"};
  options.ranges = {{"Bass.wav", {Db{-3.0}, Db{3.0}}}};
  const auto resolved = resolve_names(session_of({"Kick.wav", "Bass.wav"}), options);
  ASSERT_TRUE(resolved) << resolved.error().sentence;
  EXPECT_TRUE(resolved->locked.contains("Kick.wav"));
  EXPECT_TRUE(resolved->ranges.contains("Bass.wav"));
}

TEST(ResolveNames, SaysWhichTracksThereAre) {
  StagingOptions options;
  options.focus = "Kazoo";
  const auto resolved = resolve_names(session_of({"Kick.wav", "Bass.wav"}), options);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code, ErrorCode::usage);
  EXPECT_NE(resolved.error().sentence.find("Kick.wav, Bass.wav"), std::string::npos);
}

TEST(ResolveNames, RefusesTwoValuesForOneTrack) {
  StagingOptions options;
  options.roles = {{"Kick", Role::kick}, {"Kick.wav", Role::snare}};
  const auto resolved = resolve_names(session_of({"Kick.wav", "Bass.wav"}), options);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code, ErrorCode::usage);
}

TEST(ResolveNames, RefusesWhatIsAmbiguous) {
  StagingOptions options;
  options.locked = {"Kick"};
  EXPECT_FALSE(resolve_names(session_of({"Kick.wav", "Kick.flac"}), options));
}

TEST(ResolveNames, RefusesATrackInTwoGroupsAnEmptyRangeAndAnOddOrder) {
  const Session session = session_of({"Kick.wav", "Bass.wav"});
  StagingOptions groups;
  groups.groups = {{"a", {"Kick"}}, {"b", {"Kick"}}};
  EXPECT_FALSE(resolve_names(session, groups));
  StagingOptions range;
  range.ranges = {{"Kick", {Db{3.0}, Db{-3.0}}}};
  EXPECT_FALSE(resolve_names(session, range));
  StagingOptions order;
  order.order = {Band::low, Band::low, Band::high, Band::effects};
  EXPECT_FALSE(resolve_names(session, order));
}

TEST(ResolveNames, RefusesBoundsThatExcludeEachOther) {
  const Session session = session_of({"Kick.wav", "Bass.wav"});
  StagingOptions group;
  group.groups = {{"low", {"Kick", "Bass"}}};
  group.ranges = {{"Kick", {Db{-6.0}, Db{-3.0}}}, {"Bass", {Db{-4.0}, Db{2.0}}}};
  EXPECT_TRUE(resolve_names(session, group));
  group.locked = {"Bass"};
  EXPECT_FALSE(resolve_names(session, group));
  group.locked = {};
  group.ranges = {{"Kick", {Db{-6.0}, Db{-3.0}}}, {"Bass", {Db{1.0}, Db{2.0}}}};
  EXPECT_FALSE(resolve_names(session, group));
  StagingOptions locked;
  locked.locked = {"Kick"};
  locked.ranges = {{"Kick", {Db{1.0}, Db{2.0}}}};
  EXPECT_FALSE(resolve_names(session, locked));
}

}  // namespace
}  // namespace gainstage
