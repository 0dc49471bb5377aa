// SPDX-License-Identifier: MIT
#include "engine/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace gainstage {
namespace {

TEST(Workers, DoEveryPieceOnce) {
  for (const std::size_t threads : {1u, 2u, 7u}) {
    Workers workers(threads);
    for (const std::size_t pieces : {0u, 1u, 2u, 1000u}) {
      std::vector<int> done(pieces);  // Each piece writes its own place.
      workers.run(pieces, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(pieces, 1)) << threads << " threads, " << pieces << " pieces";
    }
  }
}

TEST(Workers, SeeWhatEarlierRunsWrote) {
  Workers workers(4);
  std::vector<std::size_t> values(64, 0);
  for (std::size_t round = 0; round < 200; ++round) {
    // Every piece reads what another one wrote in the round before.
    const std::vector<std::size_t> before = values;
    workers.run(values.size(), [&](std::size_t i) { values[i] = before[(i + 1) % before.size()] + 1; });
  }
  EXPECT_EQ(values, std::vector<std::size_t>(64, 200));
}

TEST(Workers, ThrowOnWhatAPieceThrows) {
  Workers workers(3);
  EXPECT_THROW(workers.run(100,
                           [](std::size_t i) {
                             if (i == 50) throw std::runtime_error("piece");
                           }),
               std::runtime_error);
  std::atomic<std::size_t> done{0};
  workers.run(10, [&](std::size_t) { ++done; });
  EXPECT_EQ(done, 10u);
}

}  // namespace
}  // namespace gainstage
