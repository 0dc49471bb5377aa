// SPDX-License-Identifier: MIT
// Laws of the written mix.
#include <utility>

#include "tests/laws/property.h"
#include "tests/laws/song.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

struct Mixed {
  StagingOptions options;
  GainPlan plan;
  Measure written;
};

/// Stages any song for any delivery, writes the mix in any sample format and measures the file.
Mixed draw_mix(const std::vector<Reach>& reaches) {
  const SongFiles song(make_stems(*recipes()));
  StagingOptions options;
  options.reach = *rc::gen::elementOf(reaches);
  options.target = {"numbers", {*between(-30.0, -8.0)}, {*between(-3.0, -0.1)}};
  const SampleFormat format =
      *rc::gen::element(SampleFormat::pcm16, SampleFormat::pcm24, SampleFormat::float32);
  const std::string path = song.folder() / "mix.wav";
  const GainPlan plan = value_of(stage(song.session(), options, {})).plan;
  write_mix(song.session(), plan, path, {format});
  MeasureOptions measuring;
  measuring.with_spectrum = measuring.with_stereo = false;
  return {options, plan, value_of(measure_file(path, measuring)).measure};
}

void must_be_as_predicted(const Mixed& mix) {
  const MasterPrediction& predicted = mix.plan.predicted;
  must_be_near(mix.written.integrated.value, predicted.integrated.value, 0.01, "integrated");
  must_be_near(mix.written.momentary_max.value, predicted.momentary_max.value, 0.01, "momentary max");
  must_be_near(mix.written.short_term_max.value, predicted.short_term_max.value, 0.01, "short-term max");
  must_be_near(mix.written.loudness_range.value, predicted.loudness_range.value, 0.01, "loudness range");
  must_be_near(mix.written.true_peak.value, predicted.true_peak.value, 0.01, "true peak");
  must_be_near(mix.written.sample_peak.value, predicted.sample_peak.value, 0.01, "sample peak");
}

TEST(MixLaw, PlainGainMeasuresAsPredictedUnderTheCeiling) {
  holds(16, [] {
    const Mixed mix = draw_mix({Reach::stop, Reach::lower});
    must_be_as_predicted(mix);
    RC_ASSERT(mix.written.true_peak <= mix.options.target.ceiling);
  });
}

TEST(MixLaw, LimitedMeasuresAsPredictedUnderTheCeiling) {
  int limited = 0;
  holds(20, [&] {
    const Mixed mix = draw_mix({Reach::limit});
    if (mix.plan.outcome.needs_limiter) ++limited;
    must_be_as_predicted(mix);
    RC_ASSERT(mix.written.true_peak <= mix.options.target.ceiling + Db{0.05});
  });
  EXPECT_GE(limited, 8) << "plain gain was enough for most songs";
}

bool are_equal(const MasterPrediction& a, const MasterPrediction& b) {
  return a.integrated == b.integrated && a.momentary_max == b.momentary_max &&
         a.short_term_max == b.short_term_max && a.loudness_range == b.loudness_range &&
         a.true_peak == b.true_peak && a.sample_peak == b.sample_peak;
}

TEST(MixLaw, NumberOfThreadsChangesNoBit) {
  holds(8, [] {
    const SongFiles song(make_stems(*recipes()));
    StagingOptions options;
    options.reach = *rc::gen::element(Reach::stop, Reach::limit);
    WorkOptions one;
    one.threads = 1;
    WorkOptions many;
    many.threads = *whole_between(2, 7);
    const GainPlan alone = value_of(stage(song.session(), options, {}, one)).plan;
    const GainPlan together = value_of(stage(song.session(), options, {}, many)).plan;
    RC_ASSERT(mix_gains(alone) == mix_gains(together));
    RC_ASSERT(are_equal(alone.predicted, together.predicted));
    for (std::size_t i = 0; i < alone.tracks.size(); ++i) {
      RC_ASSERT(alone.tracks[i].why == together.tracks[i].why);
    }
    write_mix(song.session(), alone, song.folder() / "alone.wav", {SampleFormat::pcm24, one.threads});
    write_mix(song.session(), together, song.folder() / "together.wav", {SampleFormat::pcm24, many.threads});
    RC_ASSERT(bytes_of(song.folder() / "alone.wav") == bytes_of(song.folder() / "together.wav"));
  });
}

}  // namespace
}  // namespace gainstage
