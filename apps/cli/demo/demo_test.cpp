// SPDX-License-Identifier: MIT
#include "demo/demo.h"

#include <ebur128.h>
#include <gtest/gtest.h>
#include <kiss_fftr.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "audio_file/audio_reader.h"
#include "audio_file/resampled_reader.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

constexpr double mix_rate_hz = 48000.0;

/// A folder that goes when the test is over.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name) : path_(fs::path(::testing::TempDir()) / name) {
    fs::remove_all(path_);
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  fs::path path() const { return path_; }

 private:
  fs::path path_;
};

using Channels = std::vector<std::vector<float>>;

/// The file as stored.
Channels read_all(const fs::path& path) {
  Result<AudioReader> reader = AudioReader::open(path.string());
  if (!reader) throw std::runtime_error(reader.error().sentence);
  AudioBuffer block(reader->info().channels(), 65536);
  Channels samples(block.channels());
  while (true) {
    const Result<std::size_t> count = reader->read(block.view());
    if (!count) throw std::runtime_error(count.error().sentence);
    if (*count == 0) return samples;
    for (std::size_t c = 0; c < samples.size(); ++c) {
      const auto from = block.view(*count).channel(c);
      samples[c].insert(samples[c].end(), from.begin(), from.end());
    }
  }
}

/// The file as it goes into a mix: 48 kHz, two channels, interleaved, without its offset.
std::vector<float> read_for_mix(const fs::path& path, double gain) {
  Result<ResampledReader> reader = ResampledReader::open(path.string(), mix_rate_hz, 2);
  if (!reader) throw std::runtime_error(reader.error().sentence);
  AudioBuffer block(2, 65536);
  std::vector<float> samples;
  while (true) {
    const Result<std::size_t> count = reader->read(block.view());
    if (!count) throw std::runtime_error(count.error().sentence);
    if (*count == 0) break;
    const auto left = block.view().channel(0);
    const auto right = block.view().channel(1);
    for (std::size_t n = 0; n < *count; ++n) {
      samples.push_back(static_cast<float>(gain * left[n]));
      samples.push_back(static_cast<float>(gain * right[n]));
    }
  }
  return samples;
}

double mean(const std::vector<float>& samples) {
  double sum = 0.0;
  for (const float x : samples) sum += x;
  return sum / static_cast<double>(samples.size());
}

double peak(const std::vector<float>& samples) {
  double greatest = 0.0;
  for (const float x : samples) greatest = std::max(greatest, std::abs(static_cast<double>(x)));
  return greatest;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n) {
    ab += static_cast<double>(a[n]) * b[n];
    aa += static_cast<double>(a[n]) * a[n];
    bb += static_cast<double>(b[n]) * b[n];
  }
  return ab / std::sqrt(aa * bb);
}

double integrated_lufs(const std::vector<float>& interleaved) {
  ebur128_state* meter = ebur128_init(2, static_cast<unsigned long>(mix_rate_hz), EBUR128_MODE_I);
  ebur128_add_frames_float(meter, interleaved.data(), interleaved.size() / 2);
  double loudness = 0.0;
  ebur128_loudness_global(meter, &loudness);
  ebur128_destroy(&meter);
  return loudness;
}

std::uint64_t hash_of(const fs::path& path) {  // FNV-1a
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes(1 << 20);
  std::uint64_t hash = 14695981039346656037u;
  while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())), file.gcount() > 0) {
    for (std::streamsize i = 0; i < file.gcount(); ++i) {
      hash = (hash ^ static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])) * 1099511628211u;
    }
  }
  return hash;
}

const DemoStem& stem_with(DemoFlaw flaw) {
  for (const DemoStem& stem : demo_stems()) {
    if (stem.flaw == flaw) return stem;
  }
  throw std::logic_error("no such stem");
}

/// The demo is written once for all tests.
class Demo : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>("gainstage-demo-test");
    const auto written = write_demo(folder_->path().string(), Overwrite::no);
    ASSERT_TRUE(written) << written.error().sentence;
    ASSERT_EQ(written->size(), demo_stems().size());
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static fs::path path_of(const DemoStem& stem) { return folder_->path() / stem.name; }
  static Channels read(const DemoStem& stem) { return read_all(path_of(stem)); }

  /// The stem in the composer's mix. Offsets and polarity are put right.
  static std::vector<float> in_mix(std::size_t i) {
    const DemoStem& stem = demo_stems()[i];
    const std::optional<Db> gain = demo_balance()[i];
    if (!gain) return {};
    std::vector<float> samples =
        read_for_mix(path_of(stem), to_ratio(*gain) * (stem.flaw == DemoFlaw::inverted ? -1.0 : 1.0));
    const double offset = stem.flaw == DemoFlaw::dc_offset ? mean(samples) : 0.0;
    for (float& x : samples) x -= static_cast<float>(offset);
    return samples;
  }

  struct ComposersMix {
    std::vector<float> sum;          // Interleaved.
    std::vector<double> stems_lufs;  // One a stem.
  };
  static const ComposersMix& composers_mix() {
    static const ComposersMix whole = [] {
      ComposersMix all;
      for (std::size_t i = 0; i < demo_stems().size(); ++i) {
        const std::vector<float> samples = in_mix(i);
        all.stems_lufs.push_back(integrated_lufs(samples));
        all.sum.resize(std::max(all.sum.size(), samples.size()));
        for (std::size_t n = 0; n < samples.size(); ++n) all.sum[n] += samples[n];
      }
      return all;
    }();
    return whole;
  }
  static const std::vector<float>& mix() { return composers_mix().sum; }

  static inline std::unique_ptr<TemporaryFolder> folder_;
};

TEST_F(Demo, IsTheSameAtEveryRun) {
  const TemporaryFolder again("gainstage-demo-test-again");
  ASSERT_TRUE(write_demo(again.path().string(), Overwrite::no));
  for (const DemoStem& stem : demo_stems())
    EXPECT_EQ(hash_of(path_of(stem)), hash_of(again.path() / stem.name)) << stem.name;
}

TEST_F(Demo, FilesAreAsTheTableSays) {
  for (const DemoStem& stem : demo_stems()) {
    const Result<AudioReader> reader = AudioReader::open(path_of(stem).string());
    ASSERT_TRUE(reader) << reader.error().sentence;
    EXPECT_EQ(reader->info().channels(), stem.channels) << stem.name;
    EXPECT_EQ(reader->info().sample_rate_hz, stem.sample_rate_hz) << stem.name;
    EXPECT_EQ(reader->info().bits, 24) << stem.name;
    EXPECT_EQ(reader->info().frames, static_cast<Frames>(60.0 * stem.sample_rate_hz)) << stem.name;
  }
}

TEST_F(Demo, OneStemIsMonoAndOneAtAnotherRate) {
  const auto stems = demo_stems();
  EXPECT_EQ(std::ranges::count(stems, std::size_t{1}, &DemoStem::channels), 1);
  EXPECT_EQ(std::ranges::count(stems, 44100.0, &DemoStem::sample_rate_hz), 1);
}

TEST_F(Demo, EverySampleIsFinite) {
  for (const DemoStem& stem : demo_stems()) {
    for (const std::vector<float>& channel : read(stem)) {
      EXPECT_TRUE(std::ranges::all_of(channel, [](float x) { return std::isfinite(x); })) << stem.name;
    }
  }
}

TEST_F(Demo, OnlyTheSilentStemIsSilent) {
  for (const DemoStem& stem : demo_stems()) {
    double greatest = 0.0;
    for (const std::vector<float>& channel : read(stem)) greatest = std::max(greatest, peak(channel));
    if (stem.flaw == DemoFlaw::silent) {
      EXPECT_EQ(greatest, 0.0) << stem.name;
    } else {
      EXPECT_GT(greatest, 0.01) << stem.name;
    }
  }
}

TEST_F(Demo, OnlyTheClippedStemHasRunsAtFullScale) {
  const float ceiling = 1.0f - 0x1.0p-23f;
  for (const DemoStem& stem : demo_stems()) {
    std::size_t runs = 0;
    for (const std::vector<float>& channel : read(stem)) {
      std::size_t length = 0;
      for (const float x : channel) {
        length = std::abs(x) >= ceiling ? length + 1 : 0;
        if (length == 3) ++runs;
      }
    }
    if (stem.flaw == DemoFlaw::clipped) {
      EXPECT_GE(runs, 10u) << stem.name;
    } else {
      EXPECT_EQ(runs, 0u) << stem.name;
    }
  }
}

TEST_F(Demo, OnlyTheOffsetStemStandsBesideZero) {
  for (const DemoStem& stem : demo_stems()) {
    if (stem.flaw == DemoFlaw::silent) continue;
    double greatest = 0.0;
    for (const std::vector<float>& channel : read(stem))
      greatest = std::max(greatest, std::abs(mean(channel)));
    const double level_db = to_db(greatest).value;
    if (stem.flaw == DemoFlaw::dc_offset) {
      EXPECT_GT(level_db, -40.0) << stem.name;
    } else {
      EXPECT_LT(level_db, -60.0) << stem.name;
    }
  }
}

TEST_F(Demo, TheInvertedStemOpposesItsTwin) {
  const DemoStem& inverted = stem_with(DemoFlaw::inverted);
  const auto twin = std::ranges::find(demo_stems(), std::string_view("07 Gtr 1 SM57.wav"), &DemoStem::name);
  ASSERT_NE(twin, demo_stems().end());
  EXPECT_LT(correlation(read(inverted)[0], read(*twin)[0]), -0.8);
}

TEST_F(Demo, ScattersLevelsWidely) {
  double lowest = 0.0;
  double highest = 0.0;
  for (const DemoStem& stem : demo_stems()) {
    EXPECT_LE(std::abs(stem.scatter.value), 12.0) << stem.name;
    lowest = std::min(lowest, stem.scatter.value);
    highest = std::max(highest, stem.scatter.value);
  }
  EXPECT_GT(highest - lowest, 18.0);
}

TEST_F(Demo, ComposersMixStaysUnderFullScale) {
  EXPECT_LT(to_db(peak(mix())).value, 0.0);
  EXPECT_NEAR(integrated_lufs(mix()), -16.0, 0.3);
}

TEST_F(Demo, StemsStandInTheMixAsTheTableSays) {
  const double whole = integrated_lufs(mix());
  for (std::size_t i = 0; i < demo_stems().size(); ++i) {
    const DemoStem& stem = demo_stems()[i];
    if (stem.flaw == DemoFlaw::silent) continue;
    // A tenth for rounding of the table; clipping takes a little from the loudest words.
    EXPECT_NEAR(composers_mix().stems_lufs[i] - whole, stem.in_mix.value, 0.25) << stem.name;
  }
}

/// Mean spectrum of 100 songs' mixes by octaves, sums of the 1/3-octave bands of MUSDB18 less that of 1 kHz,
/// dB.
TEST_F(Demo, MixHasTheSpectrumOfASong) {
  constexpr std::array<double, 8> octaves_hz = {63, 125, 250, 500, 1000, 2000, 4000, 8000};
  constexpr std::array<double, 8> expected_db = {-0.9, 2.3, 0.9, 1.7, 0.0, -2.5, -5.2, -9.5};
  constexpr int size = 8192;
  std::vector<double> power(size / 2 + 1);
  std::vector<float> window(size);
  std::vector<kiss_fft_cpx> spectrum(size / 2 + 1);
  kiss_fftr_cfg plan = kiss_fftr_alloc(size, 0, nullptr, nullptr);
  for (std::size_t at = 0; at + size <= mix().size() / 2; at += size) {
    for (std::size_t n = 0; n < size; ++n) {
      const double hann = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / size);
      window[n] = static_cast<float>(hann) * (mix()[2 * (at + n)] + mix()[2 * (at + n) + 1]);
    }
    kiss_fftr(plan, window.data(), spectrum.data());
    for (std::size_t k = 0; k < power.size(); ++k) {
      power[k] += static_cast<double>(spectrum[k].r) * spectrum[k].r +
                  static_cast<double>(spectrum[k].i) * spectrum[k].i;
    }
  }
  kiss_fftr_free(plan);
  std::array<double, 8> band_db{};
  for (std::size_t b = 0; b < band_db.size(); ++b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < power.size(); ++k) {
      const double hz = static_cast<double>(k) * mix_rate_hz / size;
      if (hz >= octaves_hz[b] / std::numbers::sqrt2 && hz < octaves_hz[b] * std::numbers::sqrt2)
        sum += power[k];
    }
    band_db[b] = power_to_db(sum).value;
  }
  for (std::size_t b = 0; b < band_db.size(); ++b) {
    EXPECT_NEAR(band_db[b] - band_db[4], expected_db[b], 9.0) << octaves_hz[b] << " Hz";
  }
}

TEST(WriteDemo, RefusesToOverwriteAndLeavesWhatIsThere) {
  const TemporaryFolder folder("gainstage-demo-test-refuse");
  fs::create_directories(folder.path());
  std::ofstream(folder.path() / demo_stems()[5].name) << "mine";
  const auto written = write_demo(folder.path().string(), Overwrite::no);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::io);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(WriteDemo, LeavesNothingWhenCancelled) {
  const TemporaryFolder folder("gainstage-demo-test-cancel");
  Cancellation cancellation;
  WorkOptions work;
  work.cancellation = &cancellation;
  work.progress = [&](std::string_view, double share) {
    if (share > 0.1) cancellation.cancel();
  };
  const auto written = write_demo(folder.path().string(), Overwrite::no, work);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace gainstage
