// SPDX-License-Identifier: MIT
// Levels of the mix of REAPER projects, through reader, flow and engine, against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/flow_session.h"
#include "engine/test_session.h"
#include "session_format/reaper/reaper_document.h"

namespace gainstage::test {
namespace {

constexpr double rate_hz = 48000.0;
constexpr double frequency_hz = 1000.0;
constexpr double minus_six = -6.020599913279624;  // dB of 1/2.

/// What a project gives out, its tracks playing a sine of 1 kHz and amplitude 1/4 in all channels, for 2 s.
class Playing {
 public:
  explicit Playing(const std::string& lines) {
    const auto written =
        write_audio(folder_ / "tone.wav", {Container::wav, SampleFormat::float32, rate_hz, 2},
                    test::render(tone(frequency_hz, 0.25), rate_hz, 2, 2.0, 1));
    EXPECT_TRUE(written);
    const auto document =
        ReaperDocument::read("<REAPER_PROJECT 0.1 \"6.83/x64\" 1\nSAMPLERATE 48000 1 0\n" + lines + "\n>\n");
    if (!document) throw std::runtime_error(document.error().sentence);
    SignalFlow flow = document->flow();
    find_media(flow, {folder_.path(), {}});
    const auto made = session_of(flow);
    if (!made) throw std::runtime_error(made.error().sentence);
    RenderOptions options;
    options.format.sample_format = SampleFormat::float32;
    const auto rendered =
        render_mix(made->session, std::vector<Db>(made->session.tracks.size()), folder_ / "mix.wav", options);
    if (!rendered) throw std::runtime_error(rendered.error().sentence);
    samples_ = samples_of(folder_ / "mix.wav");
  }

  /// dB of what comes out over what went in, over two periods around a time; negative polarity is not seen.
  double gain_db(std::size_t channel, double seconds) const {
    std::complex<double> sum = 0.0;
    const auto first = static_cast<std::size_t>(std::llround((seconds - 0.001) * rate_hz));
    for (std::size_t i = first; i < first + 96; ++i) {
      const double phase = 2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate_hz;
      sum += static_cast<double>(samples_.at(channel).at(i)) * std::polar(1.0, -phase);
    }
    return 20.0 * std::log10(std::abs(sum) / 48.0 / 0.25);
  }
  double gain_db() const { return gain_db(0, 1.0); }
  double gain(double seconds) const { return std::pow(10.0, gain_db(0, seconds) / 20.0); }

 private:
  TemporaryFolder folder_;
  std::vector<std::vector<float>> samples_;
};

std::string track(const std::string& lines) { return "<TRACK\n" + lines + "\n>\n"; }
std::string item(const std::string& lines = "") {
  return "<ITEM\nPOSITION 0\nLENGTH 2\n" + lines + "\n<SOURCE WAVE\nFILE tone.wav\n>\n>\n";
}
std::string envelope(const std::string& name, const std::string& lines) {
  return "<" + name + "\nACT 1 -1\n" + lines + "\n>\n";
}

TEST(ReaperLevels, OfAFader) {
  EXPECT_NEAR(Playing(track("VOLPAN 1 0 -1\n" + item())).gain_db(), 0.0, 1e-4);
  EXPECT_NEAR(Playing(track("VOLPAN 0.5 0 -1\n" + item())).gain_db(), minus_six, 1e-4);
  EXPECT_LT(
      Playing(track("VOLPAN 0.5 0 -1\nMUTESOLO 1 0 0\n" + item()) + track("VOLPAN 0.0001 0 -1\n" + item()))
          .gain_db(),
      -79.0);
}

TEST(ReaperLevels, OfItemAndTake) {
  EXPECT_NEAR(Playing(track(item("VOLPAN 0.5 0 0.25 -1"))).gain_db(), 3.0 * minus_six, 1e-4);
  // The same sound with the other polarity: what is left is the rounding of the samples.
  const std::string cancelled = track(item("VOLPAN 1 0 1 -1")) + track(item("VOLPAN 0.5 0 -2 -1"));
  EXPECT_LT(Playing(cancelled).gain_db(), -120.0);
  EXPECT_LT(Playing(track(item()) + track("IPHASE 1\n" + item())).gain_db(), -120.0);
}

TEST(ReaperLevels, OfAnEnvelopeOfEveryShape) {
  struct Shape {
    const char* number;
    double a_quarter, half, three_quarters;  // Of the way from 1 to 1/4.
  };
  // x; nothing; x^2 (3 - 2x); 1 - (1 - x)^3; x^3. At x = 1/4, 1/2, 3/4.
  const Shape shapes[] = {{"0", 0.25, 0.5, 0.75},
                          {"1", 0.0, 0.0, 0.0},
                          {"2", 0.15625, 0.5, 0.84375},
                          {"3", 0.578125, 0.875, 0.984375},
                          {"4", 0.015625, 0.125, 0.421875}};
  for (const Shape& shape : shapes) {
    const Playing playing(
        track("VOLPAN 1 0 -1\n" + item() +
              envelope("VOLENV2", std::string("PT 0.5 1 ") + shape.number + "\nPT 1.5 0.25 0")));
    EXPECT_NEAR(playing.gain(0.25), 1.0, 1e-4) << shape.number;
    EXPECT_NEAR(playing.gain(0.75), 1.0 - 0.75 * shape.a_quarter, 1e-3) << shape.number;
    EXPECT_NEAR(playing.gain(1.0), 1.0 - 0.75 * shape.half, 1e-3) << shape.number;
    EXPECT_NEAR(playing.gain(1.25), 1.0 - 0.75 * shape.three_quarters, 1e-3) << shape.number;
    EXPECT_NEAR(playing.gain(1.75), 0.25, 1e-4) << shape.number;
  }
}

TEST(ReaperLevels, OfABezier) {
  const auto half_way = [](const std::string& tension) {
    return Playing(track(item() + envelope("VOLENV2", "PT 0.5 1 5 0 0 0 " + tension + "\nPT 1.5 0.25 0")))
        .gain(1.0);
  };
  EXPECT_NEAR(half_way("0"), 0.625, 1e-3);
  // The tension holds the earlier value longer, or leaves it sooner.
  EXPECT_GT(half_way("0.5"), 0.75);
  EXPECT_LT(half_way("-0.5"), 0.5);
}

TEST(ReaperLevels, OfAnEnvelopeOnTheFadersScale) {
  const Playing playing(track(item() + envelope("VOLENV2", "VOLTYPE 1\nPT 0.5 1 0\nPT 1.5 0.25 0")));
  EXPECT_NEAR(playing.gain(0.25), 1.0, 1e-4);
  EXPECT_NEAR(playing.gain(1.75), 0.25, 1e-4);
  // Between running straight in dB (1/2) and in amplitude (5/8).
  EXPECT_GT(playing.gain(1.0), 0.5);
  EXPECT_LT(playing.gain(1.0), 0.625);
}

TEST(ReaperLevels, OfFaderAndEnvelopeByMode) {
  const std::string lines = "\nVOLPAN 0.5 0 -1\n" + item() + envelope("VOLENV2", "PT 0 0.25 0");
  EXPECT_NEAR(Playing(track("AUTOMODE 0" + lines)).gain_db(), 3.0 * minus_six, 1e-4);
  EXPECT_NEAR(Playing(track("AUTOMODE 1" + lines)).gain_db(), 2.0 * minus_six, 1e-4);
  EXPECT_NEAR(Playing("GLOBAL_AUTO 6\n" + track("AUTOMODE 1" + lines)).gain_db(), minus_six, 1e-4);
}

TEST(ReaperLevels, OfAllThreeEnvelopesOfATrack) {
  EXPECT_NEAR(Playing(track("AUTOMODE 1\nVOLPAN 8 0 -1\n" + item() + envelope("VOLENV", "PT 0 0.5 0") +
                            envelope("VOLENV2", "PT 0 0.5 0") + envelope("VOLENV3", "PT 0 0.5 0")))
                  .gain_db(),
              3.0 * minus_six, 1e-4);
}

TEST(ReaperLevels, OfATakesEnvelopeAndFades) {
  const Playing playing(
      track("<ITEM\nPOSITION 0.5\nLENGTH 1\nFADEIN 0 0.2 0 0 0 0\nFADEOUT 0 0.2 0 0 0 0\n"
            "VOLPAN 0.5 0 1 -1\n<SOURCE WAVE\nFILE tone.wav\n>\n" +
            envelope("VOLENV", "PT 0 1 0\nPT 1 0.5 0") + ">"));
  EXPECT_LT(playing.gain(0.25), 1e-6);
  EXPECT_NEAR(playing.gain(0.6), 0.5 * 0.95 * 0.5, 1e-3) << "half of the fade in";
  EXPECT_NEAR(playing.gain(1.0), 0.5 * 0.75, 1e-3);
  EXPECT_NEAR(playing.gain(1.4), 0.5 * 0.55 * 0.5, 1e-3) << "half of the fade out";
}

TEST(ReaperLevels, OfEveryModeOfASend) {
  const auto sent = [](const std::string& mode) {
    return Playing(track("VOLPAN 0.25 -1 -1\nMAINSEND 0 0\n" + item() + envelope("MUTEENV", "PT 0 1 1")) +
                   track("VOLPAN 1 0 -1\nAUXRECV 0 " + mode + " 0.5 0 0 0 0 0 0 -1:U 0 -1 ''"));
  };
  EXPECT_NEAR(sent("0").gain_db(0, 1.0), 3.0 * minus_six, 1e-4);
  EXPECT_LT(sent("0").gain_db(1, 1.0), -120.0) << "behind the pan";
  for (const char* mode : {"1", "3"}) {
    EXPECT_NEAR(sent(mode).gain_db(0, 1.0), minus_six, 1e-4) << mode;
    EXPECT_NEAR(sent(mode).gain_db(1, 1.0), minus_six, 1e-4) << mode;
  }
}

TEST(ReaperLevels, OfASendsEnvelope) {
  EXPECT_NEAR(
      Playing(track("AUTOMODE 1\nMAINSEND 0 0\n" + item()) +
              track("AUXRECV 0 0 0.5 0 0 0 0 0 0 -1:U 0 -1 ''\n" + envelope("AUXVOLENV", "PT 0 0.25 0")))
          .gain_db(),
      2.0 * minus_six, 1e-4);
}

TEST(ReaperLevels, OfFoldersAndTheMaster) {
  EXPECT_NEAR(Playing("MASTER_VOLUME 0.5 0 -1 -1 1\n" + track("ISBUS 1 1\nVOLPAN 0.5 0 -1") +
                      track("ISBUS 1 1\nVOLPAN 0.5 0 -1") + track("ISBUS 2 -2\nVOLPAN 0.5 0 -1\n" + item()))
                  .gain_db(),
              4.0 * minus_six, 1e-4);
  EXPECT_NEAR(Playing("MASTERAUTOMODE 1\nMASTER_VOLUME 0.5 0 -1 -1 1\n" +
                      envelope("MASTERVOLENV2", "PT 0 0.25 0") + track(item()))
                  .gain_db(),
              2.0 * minus_six, 1e-4);
}

TEST(ReaperLevels, OfAVca) {
  const std::string none = "GROUP_FLAGS 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ";
  EXPECT_NEAR(
      Playing(track(none + "1 0 0\nVOLPAN 0.5 0 -1") + track(none + "0 1 0\nVOLPAN 0.5 0 -1\n" + item()))
          .gain_db(),
      2.0 * minus_six, 1e-4);
}

TEST(ReaperLevels, OfAPan) {
  const Playing right(track("VOLPAN 1 0.5 -1\n" + item()));
  EXPECT_NEAR(right.gain_db(0, 1.0), minus_six, 1e-4);
  EXPECT_NEAR(right.gain_db(1, 1.0), 0.0, 1e-4);
  EXPECT_NEAR(Playing("PANLAW 0.5\n" + track("VOLPAN 1 0 -1\n" + item())).gain_db(), minus_six, 1e-4);
  EXPECT_NEAR(Playing("PANLAW 2\n" + track("VOLPAN 1 0 -1\n" + item())).gain_db(), 0.0, 1e-4);
  const Playing left(track(item() + envelope("PANENV2", "PT 0 1 0")));
  EXPECT_NEAR(left.gain_db(0, 1.0), 0.0, 1e-4);
  EXPECT_LT(left.gain_db(1, 1.0), -120.0);
}

}  // namespace
}  // namespace gainstage::test
