// SPDX-License-Identifier: MIT
// Against one addition at a time, equal to the last bit, on every target.
#include "dsp/packed_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

constexpr PackedSample kinds[] = {PackedSample::signed16, PackedSample::signed24, PackedSample::float32};
constexpr double guard = 12345.0;

/// Bytes that end with their allocation, so that a look beyond is seen by the address sanitizer.
class Source {
 public:
  Source(PackedSample kind, std::size_t samples, std::size_t from, std::mt19937& random)
      : kind_(kind), from_(from), size_(from + samples * bytes_of(kind)), bytes_(new std::byte[size_]) {
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    for (std::size_t i = 0; i < size_; ++i) bytes_[i] = static_cast<std::byte>(random());
    for (std::size_t i = 0; kind == PackedSample::float32 && i < samples; ++i) {
      const float sample = uniform(random);
      std::memcpy(bytes_.get() + from + i * sizeof sample, &sample, sizeof sample);
    }
  }
  std::span<const std::byte> bytes() const { return {bytes_.get() + from_, size_ - from_}; }
  double at(std::size_t sample) const {
    float value = 0.0f;
    float* const out = &value;
    unpack(kind_, bytes().subspan(sample * bytes_of(kind_), bytes_of(kind_)), {{&out, 1}, 0, 1});
    return value;
  }

 private:
  PackedSample kind_;
  std::size_t from_;
  std::size_t size_;
  std::unique_ptr<std::byte[]> bytes_;
};

/// `beyond`: samples of the sources that are not summed.
void expect_summed(PackedSample kind, Spread spread, std::size_t tracks, std::size_t count,
                   std::size_t beyond, std::size_t place) {
  std::mt19937 random(static_cast<unsigned>(tracks * 1000 + count));
  std::uniform_real_distribution<double> uniform(-2.0, 2.0);
  const std::size_t copies = spread == Spread::twice ? 2 : 1;
  std::vector<Source> signals;
  std::vector<PackedSource> sources;
  for (std::size_t k = 0; k < tracks; ++k) {
    signals.emplace_back(kind, count / copies + beyond, place, random);
    sources.push_back({signals.back().bytes(), uniform(random)});
  }
  std::vector<double> sums(place + count + 1, guard);
  for (std::size_t i = 0; i < count; ++i) sums[place + i] = uniform(random);
  std::vector<double> expected = sums;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < tracks; ++k) {
      const double product = sources[k].ratio * signals[k].at(i / copies);
      expected[place + i] += product;
    }
  }
  add_packed(kind, spread, sources, std::span(sums).subspan(place, count));
  ASSERT_EQ(std::memcmp(sums.data(), expected.data(), sums.size() * sizeof(double)), 0)
      << "kind " << static_cast<int>(kind) << (spread == Spread::twice ? " twice, " : ", ") << tracks
      << " tracks, " << count << " sums, " << beyond << " beyond, place " << place;
}

TEST(PackedSum, IsOneAdditionAfterAnotherAtEveryLengthAndPlace) {
  on_each_target([] {
    for (const PackedSample kind : kinds) {
      for (const Spread spread : {Spread::straight, Spread::twice}) {
        for (std::size_t count = 0; count <= 100; count += 2) {
          for (const std::size_t place : {0u, 1u, 3u}) {
            for (const std::size_t beyond : {0u, 1u, 9u})
              expect_summed(kind, spread, 2, count, beyond, place);
          }
        }
      }
      for (std::size_t count = 1; count <= 99; count += 2)
        expect_summed(kind, Spread::straight, 1, count, 0, 0);
    }
  });
}

TEST(PackedSum, TakesAnyNumberOfTracks) {
  on_each_target([] {
    for (const PackedSample kind : kinds) {
      for (const Spread spread : {Spread::straight, Spread::twice}) {
        for (std::size_t tracks = 0; tracks <= 27; ++tracks) expect_summed(kind, spread, tracks, 34, 0, 1);
      }
    }
  });
}

TEST(PackedSum, IsRoundedOnceForEveryChannelCountAndLength) {
  on_each_target([] {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    for (const std::size_t channels : {1u, 2u, 3u, 6u}) {
      for (std::size_t frames = 0; frames <= 50; ++frames) {
        std::vector<double> sums(1 + channels * frames);
        for (double& sum : sums) sum = uniform(random);
        const auto from = std::span<const double>(sums).subspan(1);
        std::vector<std::vector<float>> out(channels, std::vector<float>(frames + 4, 9.0f));
        std::vector<float*> pointers;
        for (std::vector<float>& channel : out) pointers.push_back(channel.data());
        round_sums(from, {pointers, 3, frames});
        for (std::size_t c = 0; c < channels; ++c) {
          for (std::size_t i = 0; i < frames; ++i) {
            ASSERT_EQ(out[c][3 + i], static_cast<float>(from[i * channels + c])) << c << " " << i;
          }
          ASSERT_EQ(out[c][2], 9.0f);
          ASSERT_EQ(out[c][3 + frames], 9.0f);
        }
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
