// SPDX-License-Identifier: MIT
#include "engine/flow_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/engine.h"
#include "engine/measure_flow.h"
#include "engine/mix_loudness.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using test::samples_of;
using test::tone;
using testing::HasSubstr;

constexpr double rate_hz = 48000.0;
double ratio(double db) { return std::pow(10.0, db / 20.0); }

/// A desk in a folder with the files that its clips play.
class Desk {
 public:
  Desk() {
    flow.format = "ardour";
    flow.name = "desk";
    flow.sample_rate_hz = rate_hz;
    flow.length_s = 2.0;
    flow.strips.push_back({.id = "1", .name = "Master", .kind = StripKind::master});
  }

  std::size_t add_source(const std::string& name, const AudioBuffer& samples,
                         double source_rate_hz = rate_hz) {
    const auto written = test::write_audio(
        folder / name, {Container::wav, SampleFormat::float32, source_rate_hz, samples.channels()}, samples);
    EXPECT_TRUE(written);
    flow.sources.push_back({.name = name, .path = name});
    return flow.sources.size() - 1;
  }
  std::size_t add_tone(const std::string& name, double frequency_hz, double amplitude,
                       std::size_t channels = 1, double seconds = 2.0) {
    return add_source(name, test::render(tone(frequency_hz, amplitude), rate_hz, channels, seconds, 1));
  }
  /// A track of one clip into the master.
  Strip& add_track(const std::string& name, std::size_t source, std::size_t channels = 1) {
    Strip track{.id = name, .name = name, .kind = StripKind::track, .channels = channels};
    track.clips.push_back(
        {.name = name, .sources = {source}, .source_channels = {}, .start_s = 0.0, .length_s = 2.0});
    track.outputs.push_back({.to = 0});
    flow.strips.push_back(track);
    return flow.strips.back();
  }

  FlowSession session(const std::map<std::string, std::string>& printed = {}) {
    notes = find_media(flow, {folder.path(), {}});
    auto made = session_of(flow, printed);
    if (!made) throw std::runtime_error(made.error().sentence);
    return *std::move(made);
  }
  std::vector<std::vector<float>> mix() {
    const FlowSession made = session();
    const std::vector<Db> gains(made.session.tracks.size());
    const std::string path = folder / "mix.wav";
    RenderOptions options;
    options.format.sample_format = SampleFormat::float32;
    options.overwrite = Overwrite::yes;
    const auto rendered = render_mix(made.session, gains, path, options);
    if (!rendered) throw std::runtime_error(rendered.error().sentence);
    return samples_of(path);
  }

  test::TemporaryFolder folder;
  SignalFlow flow;
  std::vector<Warning> notes;
};

/// The amplitude of a sine of a frequency within a stretch of whole periods.
double amplitude(const std::vector<float>& samples, double frequency_hz, double from_s, double to_s) {
  double re = 0.0;
  double im = 0.0;
  const auto first = static_cast<std::size_t>(from_s * rate_hz);
  const auto last = static_cast<std::size_t>(to_s * rate_hz);
  for (std::size_t i = first; i < last; ++i) {
    const double phase = 2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate_hz;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return 2.0 * std::hypot(re, im) / static_cast<double>(last - first);
}
double level(const std::vector<float>& samples, double frequency_hz, double from_s, double to_s) {
  return 20.0 * std::log10(amplitude(samples, frequency_hz, from_s, to_s));
}

TEST(FlowSession, MixesEveryStageOfAChain) {
  Desk desk;
  desk.flow.strips.push_back({.id = "2", .name = "Bus", .kind = StripKind::bus});
  desk.flow.strips[1].outputs.push_back({.to = 0});
  desk.flow.strips[1].fader.ratio = ratio(-2.0);
  desk.flow.strips[0].fader.ratio = ratio(-1.5);
  desk.flow.vcas.push_back({.id = "1", .name = "VCA", .gain = {.ratio = ratio(-4.0)}});
  Strip& track = desk.add_track("tone", desk.add_tone("tone.wav", 1000.0, ratio(-12.0)));
  desk.flow.sources[0].gain.ratio = ratio(-0.5);
  track.clips[0].gain.ratio = ratio(-3.0);
  track.clips[0].take_gain = GainControl{.ratio = ratio(1.0)};
  track.trim.ratio = ratio(5.0);
  track.fader.ratio = ratio(-6.0);
  track.pan.law = PanLaw::ardour;
  track.outputs[0].to = 1;
  track.vcas = {0};
  const auto mix = desk.mix();
  ASSERT_EQ(mix[0].size(), 96000u);
  EXPECT_NEAR(level(mix[0], 1000.0, 0.0, 2.0), -12.0 - 0.5 - 3.0 + 1.0 + 5.0 - 6.0 - 4.0 - 3.0 - 2.0 - 1.5,
              0.001);
}

TEST(FlowSession, PlacesClipsToTheSample) {
  Desk desk;
  AudioBuffer steps(1, 48000);
  for (std::size_t i = 0; i < steps.frames(); ++i)
    steps.view().channel(0)[i] = static_cast<float>(i + 1) / 65536.0f;
  Strip& track = desk.add_track("steps", desk.add_source("steps.wav", steps));
  track.clips[0].start_s = 0.25;
  track.clips[0].length_s = 0.5;
  track.clips[0].offset_s = 0.125;
  const auto mix = desk.mix();
  EXPECT_EQ(mix[0][11999], 0.0f);
  EXPECT_EQ(mix[0][12000], 6001.0f / 65536.0f);
  EXPECT_EQ(mix[1][35999], 30000.0f / 65536.0f);
  EXPECT_EQ(mix[0][36000], 0.0f);
}

TEST(FlowSession, LoopsClips) {
  Desk desk;
  AudioBuffer steps(1, 4800);
  for (std::size_t i = 0; i < steps.frames(); ++i)
    steps.view().channel(0)[i] = static_cast<float>(i + 1) / 65536.0f;
  Strip& track = desk.add_track("steps", desk.add_source("steps.wav", steps));
  track.clips[0].loop_s = 0.0;
  track.clips[0].offset_s = 0.05;
  const auto mix = desk.mix();
  for (std::size_t i = 0; i < mix[0].size(); ++i)
    ASSERT_EQ(mix[0][i], static_cast<float>((i + 2400) % 4800 + 1) / 65536.0f) << i;
}

TEST(FlowSession, HidesWhatLiesUnderAnOpaqueClipButForItsFades) {
  Desk desk;
  Strip& track = desk.add_track("both", desk.add_tone("low.wav", 100.0, 0.5));
  Clip over{.name = "over",
            .sources = {desk.add_tone("high.wav", 1000.0, 0.25)},
            .source_channels = {},
            .start_s = 0.5,
            .length_s = 1.0};
  over.is_opaque = true;
  over.fade_in = Clip::Fade{
      .length_s = 0.4, .curve = {AutomationScale::value, {{0.0, 0.0}, {0.2, 0.0}, {0.2, 0.5}, {0.4, 0.5}}}};
  track.clips.push_back(over);
  const auto mix = desk.mix();
  EXPECT_NEAR(amplitude(mix[0], 100.0, 0.0, 0.5), 0.5, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 100.0, 0.5, 0.7), 0.5, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 100.0, 0.7, 0.9), 0.25, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 1000.0, 0.7, 0.9), 0.125, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 100.0, 0.9, 1.5), 0.0, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 1000.0, 0.9, 1.5), 0.25, 1e-4);
  EXPECT_NEAR(amplitude(mix[0], 100.0, 1.5, 2.0), 0.5, 1e-4);
}

TEST(FlowSession, FollowsEnvelopesAndFaderAutomationOnTheirPlateaus) {
  Desk desk;
  Strip& track = desk.add_track("tone", desk.add_tone("tone.wav", 1000.0, 0.5));
  track.clips[0].envelope = Automation{AutomationScale::ardour_fader, {{0.0, 1.0}, {0.5, 1.0}, {0.6, 0.5}}};
  track.fader.automation = Automation{AutomationScale::ardour_fader, {{1.0, 1.0}, {1.2, 0.25}}};
  const auto mix = desk.mix();
  EXPECT_NEAR(level(mix[0], 1000.0, 0.1, 0.5), -6.0206, 1e-3);
  EXPECT_NEAR(level(mix[0], 1000.0, 0.7, 0.9), -12.0412, 1e-3);
  EXPECT_NEAR(level(mix[0], 1000.0, 1.3, 2.0), -24.0824, 1e-3);
}

TEST(FlowSession, ResamplesSourcesOfAnotherRate) {
  Desk desk;
  const AudioBuffer slow = test::render(tone(997.0, 0.5), 44100.0, 2, 3.0, 1);
  Strip& track = desk.add_track("slow", desk.add_source("slow.wav", slow, 44100.0), 2);
  track.clips[0].offset_s = 1.0;
  track.clips[0].length_s = 1.0;
  track.clips[0].start_s = 0.5;
  const auto mix = desk.mix();
  for (std::size_t i = 24100; i < 71900; ++i) {
    const double at = static_cast<double>(i) / rate_hz + 0.5;
    ASSERT_NEAR(mix[1][i], 0.5 * std::sin(2.0 * std::numbers::pi * 997.0 * at), 2e-5) << i;
  }
}

// What every track adds is measured by itself; together they are the mix, whatever the order.
TEST(FlowSession, AddsUpWhateverTheOrderOfTheTracks) {
  const auto build = [](bool is_reversed) {
    Desk desk;
    const std::size_t a = desk.add_tone("a.wav", 220.0, 0.3);
    const std::size_t b = desk.add_tone("b.wav", 440.0, 0.2, 2);
    const auto add_a = [&] { desk.add_track("a", a).pan = {.law = PanLaw::ardour, .position = -0.5}; };
    const auto add_b = [&] { desk.add_track("b", b, 2).fader.ratio = 0.7; };
    is_reversed ? (add_b(), add_a()) : (add_a(), add_b());
    return desk.mix();
  };
  const auto forwards = build(false);
  const auto backwards = build(true);
  for (std::size_t i = 0; i < forwards[0].size(); ++i) ASSERT_NEAR(forwards[0][i], backwards[0][i], 1e-7);
}

TEST(FlowSession, IsMeasuredAndStagedByWhatItsTracksAdd) {
  Desk desk;
  desk.add_track("Kick",
                 desk.add_source("kick.wav", test::render(test::phrases(0.8, 0.5), rate_hz, 1, 2.0, 4)));
  desk.add_track("Bass", desk.add_tone("bass.wav", 82.0, 0.3)).fader.ratio = 0.5;
  desk.add_track("Vocals",
                 desk.add_source("voice.wav", test::render(test::phrases(0.3, 0.7), rate_hz, 1, 2.0, 9)));
  const FlowSession made = desk.session();
  const auto measured = measure_session(made.session, {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  EXPECT_NEAR(measured->tracks[1].clip.sample_peak.value, 20.0 * std::log10(0.15), 0.01);
  const auto staged = stage(made.session, {}, {});
  ASSERT_TRUE(staged) << staged.error().sentence;
  EXPECT_EQ(staged->plan.tracks.size(), 3u);
}

// The desk is linear in every track's gain, so the loudness of any balance is known without mixing.
TEST(FlowSession, HasALoudnessAtAnyGainsWithoutMixing) {
  Desk desk;
  desk.flow.strips.push_back({.id = "2", .name = "Bus", .kind = StripKind::bus});
  desk.flow.strips[1].outputs.push_back({.to = 0});
  desk.flow.strips[1].fader.ratio = 0.6;
  desk.add_track("a", desk.add_tone("a.wav", 220.0, 0.3)).pan = {.law = PanLaw::ardour, .position = -0.5};
  desk.add_track("b", desk.add_tone("b.wav", 330.0, 0.4, 2), 2).outputs[0].to = 1;
  FlowSession made = desk.session();
  const auto mix = MixLoudness::measure(made.session, MixLoudness::Detail::tenths);
  ASSERT_TRUE(mix);
  const std::vector<Db> gains{{-3.0}, {2.0}};
  const Lufs predicted = mix->loudness(gains).integrated;
  for (std::size_t i = 0; i < gains.size(); ++i)
    made.session.flow->strips[i + 2].fader.ratio *= to_ratio(gains[i]);
  const auto played = measure_mix(made.session, {});
  ASSERT_TRUE(played);
  EXPECT_NEAR(played->measure.integrated.value, predicted.value, 1e-3);
}

TEST(FlowSession, NamesMissingMediaAndKeepsTheirTracks) {
  Desk desk;
  desk.add_track("there", desk.add_tone("there.wav", 220.0, 0.3));
  desk.flow.sources.push_back({.name = "gone.wav", .path = "Audio Files/gone.wav"});
  desk.add_track("gone", 1);
  Strip& half = desk.add_track("half", 0);
  half.clips.push_back(half.clips[0]);
  half.clips[1].sources = {1};
  const FlowSession made = desk.session();
  ASSERT_EQ(desk.notes.size(), 1u);
  EXPECT_THAT(desk.notes[0].sentence, HasSubstr("'gone.wav' (Audio Files/gone.wav) is not there"));
  EXPECT_EQ(made.kept, std::vector<std::string>{"half"});
  EXPECT_EQ(made.unheard, std::vector<std::size_t>{2});
  EXPECT_EQ(made.session.tracks.size(), 2u);
}

TEST(FlowSession, FindsMediaByTheLastPartOfAForeignPath) {
  Desk desk;
  desk.add_track("there", desk.add_tone("there.wav", 220.0, 0.3));
  desk.flow.sources[0].path = "C:\\Users\\me\\song\\there.wav";
  desk.session();
  EXPECT_TRUE(desk.notes.empty());
}

TEST(FlowSession, TakesPrintedStemsBehindTheInserts) {
  Desk desk;
  Strip& track = desk.add_track("tone", desk.add_tone("tone.wav", 1000.0, 0.5));
  track.trim.ratio = 0.25;
  track.fader.ratio = 0.5;
  track.inserts.push_back({.name = "Comp", .kind = Insert::Kind::non_linear});
  desk.add_tone("printed.wav", 1000.0, 0.2);
  const FlowSession made = desk.session({{"tone", desk.folder / "printed.wav"}});
  const auto measured = measure_session(made.session, {});
  ASSERT_TRUE(measured);
  EXPECT_NEAR(measured->tracks[0].clip.sample_peak.value, -20.0, 0.01);
}

TEST(MeasureFlow, ReadsEveryTapOfTheDesk) {
  Desk desk;
  desk.flow.strips.push_back({.id = "2", .name = "Bus", .kind = StripKind::bus});
  desk.flow.strips[1].outputs.push_back({.to = 0});
  desk.flow.strips[1].fader.ratio = ratio(-2.0);
  desk.flow.strips[0].fader.ratio = ratio(-1.0);
  Strip& track = desk.add_track("tone", desk.add_tone("tone.wav", 1000.0, ratio(-12.0)));
  track.trim.ratio = ratio(5.0);
  track.fader.ratio = ratio(-6.0);
  track.pan.law = PanLaw::ardour;
  track.outputs[0].to = 1;
  const FlowSession made = desk.session();
  const auto levels = measure_flow(made.session, {});
  ASSERT_TRUE(levels);
  EXPECT_NEAR((*levels)[2].trim_in->true_peak.value, -12.0, 0.01);
  EXPECT_NEAR((*levels)[2].insert_in->true_peak.value, -7.0, 0.01);
  EXPECT_NEAR((*levels)[2].fader_out->true_peak.value, -16.0, 0.01);
  EXPECT_EQ((*levels)[2].fader_out->channels, 2u);
  EXPECT_NEAR((*levels)[1].trim_in->true_peak.value, -16.0, 0.01);
  EXPECT_NEAR((*levels)[1].fader_out->true_peak.value, -18.0, 0.01);
  EXPECT_NEAR((*levels)[0].fader_out->true_peak.value, -19.0, 0.01);
  EXPECT_NEAR((*levels)[0].fader_out->rms.value, -22.01, 0.01);
}

TEST(MeasureFlow, DoesNotKnowWhatIsBehindAnInsertUnlessItIsPrinted) {
  Desk desk;
  Strip& track = desk.add_track("tone", desk.add_tone("tone.wav", 1000.0, 0.5));
  track.inserts.push_back({.name = "Comp"});
  const FlowSession made = desk.session();
  const auto levels = measure_flow(made.session, {});
  ASSERT_TRUE(levels);
  EXPECT_TRUE((*levels)[1].insert_in);
  EXPECT_FALSE((*levels)[1].fader_out);
  EXPECT_FALSE((*levels)[0].fader_out);

  const FlowSession printed = desk.session({{"tone", desk.folder / "tone.wav"}});
  const auto known = measure_flow(printed.session, {});
  ASSERT_TRUE(known);
  EXPECT_TRUE((*known)[0].fader_out);
}

TEST(FlowSession, RefusesOneOfWhichNothingIsLeft) {
  Desk desk;
  desk.flow.sources.push_back({.name = "gone.wav", .path = "gone.wav"});
  desk.add_track("gone", 0);
  find_media(desk.flow, {desk.folder.path(), {}});
  const auto made = session_of(desk.flow);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::bad_input);
}

}  // namespace
}  // namespace gainstage
