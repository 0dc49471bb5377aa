// SPDX-License-Identifier: MIT
#include "report/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace gainstage {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr TextStyle plain{false, 100};

Measure tone() {
  Measure measure;
  measure.integrated = {-20.0};
  measure.true_peak = {-3.0};
  measure.sample_peak = {-3.1};
  measure.duration_s = 62.5;
  measure.sample_rate_hz = 44100.0;
  measure.channels = 2;
  return measure;
}

TEST(LevelText, SaysSilence) {
  EXPECT_EQ(level_text(silent_db.value), "silent");
  EXPECT_EQ(level_text(-0.04), "0.0");
  EXPECT_EQ(gain_text({2.0}), "+2.0");
}

TEST(TimeText, CountsHoursOnlyWhereThereAreSome) {
  EXPECT_EQ(time_text(62.5), "1:02.5");
  EXPECT_EQ(time_text(7980.0), "2:13:00");
  EXPECT_EQ(time_text(0.0), "0:00.0");
}

TEST(MeasureText, LeavesOutFilesThatFailed) {
  const std::vector<MeasuredFile> files{{"a.wav", tone()},
                                        {"b.wav", failure(ErrorCode::bad_input, "b.wav is empty")}};
  const std::string text = measure_text(files, plain);
  EXPECT_THAT(text, HasSubstr("a.wav"));
  EXPECT_THAT(text, Not(HasSubstr("b.wav")));
  EXPECT_THAT(text, HasSubstr("-20.0"));
}

TEST(MeasureText, KeepsToTheWidth) {
  std::vector<MeasuredFile> files;
  for (int i = 0; i < 20; ++i) files.push_back({"folder/a rather long name of a file.wav", tone()});
  std::istringstream lines(measure_text(files, {false, 80}));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80u) << line;
}

TEST(CheckText, SaysWhatCannotBeJudgedAndWhy) {
  const Target netflix = find_target(built_in_targets(), "netflix").value();
  const std::string text = check_text("film.wav", check(tone(), netflix), netflix, plain);
  EXPECT_THAT(text, HasSubstr("cannot be judged fully"));
  EXPECT_THAT(text, HasSubstr("dialogue detection"));
}

TEST(CheckText, CountsViolations) {
  const Target spotify = find_target(built_in_targets(), "spotify").value();
  EXPECT_THAT(check_text("a.wav", check(tone(), spotify), spotify, plain),
              HasSubstr("fail, 1 clause violated"));
}

TEST(FeasibilityText, NamesTheShortfallAndTheTrack) {
  GainPlan plan;
  plan.readings = {{{-7.5}, {-7.0}, {-22.0}, {-20.0}}};
  plan.outcome.shortfall = {2.0};
  plan.outcome.peaks_from = {"snare.wav"};
  const std::string text = feasibility_text(plan, {"spotify", {-14.0}, {-1.0}}, Reach::stop, plain);
  EXPECT_THAT(text, HasSubstr("2.0 LU short"));
  EXPECT_THAT(text, HasSubstr("snare.wav"));
  EXPECT_THAT(text, HasSubstr("--reach limit"));
}

TEST(TargetsText, MarksWhatIsNotJudged) {
  EXPECT_THAT(targets_text(built_in_targets(), {false, 120}), HasSubstr("not judged"));
}

}  // namespace
}  // namespace gainstage
