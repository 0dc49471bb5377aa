// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "report/report.h"

namespace gainstage {
namespace {

TEST(TargetJson, IsReadBackAsTheSameTargets) {
  Json list = Json::array();
  for (const Target& target : built_in_targets()) list.push_back(to_json(target));
  const Json file{{"schema", "gainstage.targets/1"}, {"targets", list}};
  const auto parsed = parse_targets(file.dump(), "targets.json");
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  ASSERT_EQ(parsed->size(), built_in_targets().size());
  for (std::size_t t = 0; t < parsed->size(); ++t) EXPECT_EQ(to_json((*parsed)[t]), list[t]);
}

}  // namespace
}  // namespace gainstage
