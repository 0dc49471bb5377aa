// SPDX-License-Identifier: MIT
#include "engine/decoded_samples.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "engine/engine.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace test;

constexpr std::size_t plenty = std::size_t{1} << 30;

/// Two compressed tracks, one at another rate, and a plain one.
class MixedSession {
 public:
  MixedSession() {
    folder_.add("plain.wav", tone(110.0, 0.2), 2.0);
    folder_.add("other-rate.wav", tone(330.0, 0.2), 2.0, 2, 44100.0);
    session_ = folder_.session();
    add_flac("mono.flac", 1, 3.0);
    add_flac("stereo.flac", 2, 2.5);
  }

  const Session& session() const { return session_; }
  std::string path(const std::string& name) const { return folder_.folder() / name; }
  std::vector<Db> gains() const { return {{-3.0}, {-4.0}, {-5.0}, {-6.0}}; }

  void write_flac(const std::string& name, std::size_t channels, const Signal& signal, double seconds) {
    const AudioBuffer samples = render(signal, 48000.0, channels, seconds, 7);
    const auto written =
        write_audio(path(name), {Container::flac, SampleFormat::pcm24, 48000.0, channels}, samples);
    ASSERT_TRUE(written) << written.error().sentence;
  }

 private:
  void add_flac(const std::string& name, std::size_t channels, double seconds) {
    write_flac(name, channels, hiss(0.3), seconds);
    session_.tracks.push_back({name, path(name), 48000.0, channels, static_cast<Frames>(48000.0 * seconds)});
  }

  TestSession folder_;
  Session session_;
};

std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string rendered(const MixedSession& stems, const std::string& name, DecodedSamples* decoded) {
  WorkOptions work;
  work.decoded = decoded;
  const auto report = render_mix(stems.session(), stems.gains(), stems.path(name), {}, work);
  EXPECT_TRUE(report) << report.error().sentence;
  return bytes_of_file(stems.path(name));
}

TEST(DecodedSamples, AreThoseOfTracksThatMustBeDecoded) {
  const MixedSession stems;
  DecodedSamples decoded(plenty);
  WorkOptions work;
  work.decoded = &decoded;
  ASSERT_TRUE(measure_session(stems.session(), {}, work));
  const std::vector<Track>& tracks = stems.session().tracks;
  EXPECT_TRUE(decoded.samples(stems.session(), tracks[0]).empty());
  EXPECT_EQ(decoded.samples(stems.session(), tracks[1]).size(), 2u * 96000u);
  EXPECT_EQ(decoded.samples(stems.session(), tracks[2]).size(), 144000u);
  EXPECT_EQ(decoded.samples(stems.session(), tracks[3]).size(), 2u * 120000u);
}

TEST(DecodedSamples, ChangeNothing) {
  const MixedSession stems;
  DecodedSamples decoded(plenty);
  WorkOptions work;
  work.decoded = &decoded;
  ASSERT_TRUE(measure_session(stems.session(), {}, work));
  EXPECT_EQ(rendered(stems, "again.wav", nullptr), rendered(stems, "kept.wav", &decoded));
}

TEST(DecodedSamples, AreNotDecodedAgain) {
  MixedSession stems;
  DecodedSamples decoded(plenty);
  WorkOptions work;
  work.decoded = &decoded;
  ASSERT_TRUE(measure_session(stems.session(), {}, work));
  const std::string before = rendered(stems, "before.wav", nullptr);
  std::filesystem::remove(stems.path("stereo.flac"));
  stems.write_flac("stereo.flac", 2, hiss(0.01), 2.5);
  EXPECT_EQ(rendered(stems, "kept.wav", &decoded), before);
  EXPECT_NE(rendered(stems, "decoded.wav", nullptr), before);
}

TEST(DecodedSamples, StayWithinTheLimit) {
  const MixedSession stems;
  // Room for the resampled track and not for more.
  DecodedSamples decoded(1000 * 1000);
  WorkOptions work;
  work.decoded = &decoded;
  ASSERT_TRUE(measure_session(stems.session(), {}, work));
  const std::vector<Track>& tracks = stems.session().tracks;
  EXPECT_FALSE(decoded.samples(stems.session(), tracks[1]).empty());
  EXPECT_TRUE(decoded.samples(stems.session(), tracks[2]).empty());
  EXPECT_TRUE(decoded.samples(stems.session(), tracks[3]).empty());
  EXPECT_EQ(rendered(stems, "again.wav", nullptr), rendered(stems, "kept.wav", &decoded));
}

TEST(DecodedSamples, OfATrackThatIsLongerThanPromisedAreLetGo) {
  Session session;
  session.sample_rate_hz = 48000.0;
  const Track track{"a", "a", 48000.0, 1, 100};
  DecodedSamples decoded(plenty);
  DecodedSamples::Kept* const kept = decoded.make_room(session, track);
  ASSERT_NE(kept, nullptr);
  const AudioBuffer block(1, 90);
  kept->append(block.view());
  kept->append(block.view());
  kept->finish();
  EXPECT_TRUE(decoded.samples(session, track).empty());
}

}  // namespace
}  // namespace gainstage
