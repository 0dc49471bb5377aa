// SPDX-License-Identifier: MIT
#include "session/pan.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gainstage {
namespace {

double db(double ratio) { return 20.0 * std::log10(ratio); }

// Measured in Ardour's exports.
TEST(Pan, TakesThreeDecibelsFromAMonoTrackAtTheCentreInArdour) {
  const PanMatrix matrix = pan_matrix({.law = PanLaw::ardour}, 1, 0.0);
  EXPECT_NEAR(db(matrix.gains[0][0]), -3.0, 1e-9);
  EXPECT_NEAR(db(matrix.gains[0][1]), -3.0, 1e-9);
}

TEST(Pan, LeavesAStereoTrackAloneAtTheCentre) {
  for (const PanLaw law :
       {PanLaw::none, PanLaw::ardour, PanLaw::ardour_balance, PanLaw::dawproject, PanLaw::reaper}) {
    const PanMatrix matrix = pan_matrix({.law = law}, 2, 0.0);
    EXPECT_NEAR(matrix.gains[0][0], 1.0, 1e-12);
    EXPECT_NEAR(matrix.gains[1][1], 1.0, 1e-12);
    EXPECT_NEAR(matrix.gains[0][1], 0.0, 1e-12);
    EXPECT_NEAR(matrix.gains[1][0], 0.0, 1e-12);
  }
}

TEST(Pan, PutsAMonoTrackOnOneSideAtTheEnds) {
  for (const PanLaw law : {PanLaw::ardour, PanLaw::ardour_balance, PanLaw::dawproject, PanLaw::reaper}) {
    const PanMatrix left = pan_matrix({.law = law, .centre = {-3.0}}, 1, -1.0);
    EXPECT_NEAR(left.gains[0][0], 1.0, 1e-12);
    EXPECT_NEAR(left.gains[0][1], 0.0, 1e-12);
  }
}

TEST(Pan, IsItsOwnMirror) {
  for (const PanLaw law :
       {PanLaw::none, PanLaw::ardour, PanLaw::ardour_balance, PanLaw::dawproject, PanLaw::reaper}) {
    for (std::size_t channels : {std::size_t{1}, std::size_t{2}}) {
      for (double x = -1.0; x <= 1.0; x += 0.125) {
        const PanMatrix here = pan_matrix({.law = law, .centre = {-4.5}}, channels, x);
        const PanMatrix there = pan_matrix({.law = law, .centre = {-4.5}}, channels, -x);
        for (std::size_t in = 0; in < channels; ++in) {
          for (std::size_t out = 0; out < 2; ++out)
            EXPECT_NEAR(here.gains[in][out], there.gains[channels - 1 - in][1 - out], 1e-12);
        }
      }
    }
  }
}

TEST(Pan, FoldsAStereoTrackOfNoWidthAsMonoInArdour) {
  Pan pan{.law = PanLaw::ardour};
  pan.width = 0.0;
  const PanMatrix matrix = pan_matrix(pan, 2, 0.0);
  EXPECT_NEAR(db(matrix.gains[0][0]), -3.0, 1e-9);
  EXPECT_NEAR(db(matrix.gains[1][0]), -3.0, 1e-9);
  pan.width = -1.0;
  EXPECT_NEAR(pan_matrix(pan, 2, 0.0).gains[0][1], 1.0, 1e-12);
}

TEST(Pan, TakesWhatReapersProjectTakesAtTheCentre) {
  const PanMatrix matrix = pan_matrix({.law = PanLaw::reaper, .centre = {-6.0}}, 2, 0.0);
  EXPECT_NEAR(db(matrix.gains[0][0]), -6.0, 1e-9);
  EXPECT_NEAR(db(matrix.gains[1][1]), -6.0, 1e-9);
  const Pan compensated{.law = PanLaw::reaper, .centre = {3.0}};
  EXPECT_NEAR(pan_matrix(compensated, 2, 0.0).gains[0][0], 1.0, 1e-12);
  EXPECT_NEAR(db(pan_matrix(compensated, 2, -1.0).gains[0][0]), 3.0, 1e-9);
}

}  // namespace
}  // namespace gainstage
