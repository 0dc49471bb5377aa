// SPDX-License-Identifier: MIT
#include "session/role.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

TEST(Roles, EveryNameFindsItsRole) {
  for (const RoleInfo& entry : all_roles()) {
    EXPECT_EQ(role_by_name(entry.name), entry.role) << entry.name;
    EXPECT_EQ(info(entry.role).name, entry.name);
  }
}

TEST(Roles, NamesAreFoundWithoutCaseAndWithHyphens) {
  EXPECT_EQ(role_by_name("Lead-Vocal"), Role::lead_vocal);
  EXPECT_EQ(role_by_name("BACKING_VOCAL"), Role::backing_vocal);
  EXPECT_EQ(role_by_name("kazoo"), std::nullopt);
}

}  // namespace
}  // namespace gainstage
