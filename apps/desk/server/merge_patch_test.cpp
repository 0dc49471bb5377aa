// SPDX-License-Identifier: MIT
#include "desk/server/merge_patch.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace gainstage::desk {
namespace {

/// RFC 7396, section 2, as it stands there.
Json merge_patch_of_the_rfc(Json target, const Json& patch) {
  if (!patch.is_object()) return patch;
  if (!target.is_object()) target = Json::object();
  for (const auto& [name, value] : patch.items()) {
    if (value.is_null()) {
      target.erase(name);
    } else {
      target[name] = merge_patch_of_the_rfc(target.contains(name) ? target[name] : Json(), value);
    }
  }
  return target;
}

/// Without members that are null, in objects; within lists everything stays.
Json without_nulls(const Json& json) {
  if (!json.is_object()) return json;
  Json kept = Json::object();
  for (const auto& [name, value] : json.items()) {
    if (!value.is_null()) kept[name] = without_nulls(value);
  }
  return kept;
}

Json random_json(std::mt19937& chance, int depth) {
  switch (chance() % (depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return chance() % 2 == 0;
    case 2:
      return static_cast<int>(chance() % 3);
    case 3:
      return std::string(1, static_cast<char>('a' + chance() % 3));
    case 4:
      return Json::array({static_cast<int>(chance() % 2), nullptr});
    default:
      break;
  }
  Json object = Json::object();
  for (std::size_t n = chance() % 4; n > 0; --n) {
    object[std::string(1, static_cast<char>('a' + chance() % 4))] = random_json(chance, depth - 1);
  }
  return object;
}

TEST(MergeDiff, LeadsFromOneToTheOther) {
  std::mt19937 chance(7396);
  for (int round = 0; round < 20000; ++round) {
    Json from = random_json(chance, 3);
    Json to = random_json(chance, 3);
    if (!from.is_object() || !to.is_object()) continue;
    const auto patch = merge_diff(from, to);
    const Json begun = without_nulls(from);
    const Json reached = patch ? merge_patch_of_the_rfc(begun, *patch) : begun;
    ASSERT_EQ(without_nulls(reached), without_nulls(to))
        << from << " -> " << to << " by " << (patch ? *patch : Json());
  }
}

TEST(MergeDiff, IsNoneWhereNothingDiffers) {
  std::mt19937 chance(1);
  for (int round = 0; round < 2000; ++round) {
    const Json same = random_json(chance, 3);
    EXPECT_FALSE(merge_diff(same, same)) << same;
  }
  EXPECT_FALSE(merge_diff({{"a", nullptr}}, Json::object()));
  EXPECT_FALSE(merge_diff(Json::object(), {{"a", nullptr}}));
}

TEST(MergeDiff, NamesOnlyWhatDiffers) {
  const Json from = {{"strips", {{"s0", {{"gain", 0}, {"mute", false}}}, {"s1", {{"gain", 0}}}}}};
  Json to = from;
  to["strips"]["s0"]["gain"] = -6;
  EXPECT_EQ(merge_diff(from, to).value(), Json({{"strips", {{"s0", {{"gain", -6}}}}}}));
}

TEST(MergeDiff, RemovesByNull) {
  EXPECT_EQ(merge_diff({{"a", 1}, {"b", 2}}, {{"b", 2}}).value(), Json({{"a", nullptr}}));
  EXPECT_EQ(merge_diff({{"a", 1}}, {{"a", nullptr}}).value(), Json({{"a", nullptr}}));
}

TEST(MergeDiff, MakesAnEmptyObjectOfNothing) {
  EXPECT_EQ(merge_diff({{"a", nullptr}}, {{"a", Json::object()}}).value(), Json({{"a", Json::object()}}));
}

TEST(MergeKeepingNulls, LeavesEveryFieldThatWasThere) {
  Json state = {{"loop", {{"from_s", 1.0}}}, {"failure", nullptr}};
  merge_keeping_nulls(state, {{"loop", nullptr}});
  EXPECT_EQ(state, Json({{"loop", nullptr}, {"failure", nullptr}}));
}

TEST(MergeKeepingNulls, AgreesWithTheRfcButForNulls) {
  std::mt19937 chance(3);
  for (int round = 0; round < 5000; ++round) {
    Json target = random_json(chance, 3);
    const Json patch = random_json(chance, 3);
    const Json expected = merge_patch_of_the_rfc(target, patch);
    merge_keeping_nulls(target, patch);
    ASSERT_EQ(without_nulls(target), without_nulls(expected));
  }
}

}  // namespace
}  // namespace gainstage::desk
