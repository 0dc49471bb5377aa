// SPDX-License-Identifier: MIT
// Against one sample at a time, for every format, channel count, length and place, on every target.
#include "dsp/packed_samples.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace gainstage {
namespace {

constexpr PackedSample all_kinds[] = {PackedSample::unsigned8, PackedSample::signed16, PackedSample::signed24,
                                      PackedSample::signed32,  PackedSample::float32,  PackedSample::float64};

template <typename Claim>
void on_every_target(Claim claim) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    claim();
  }
  hwy::SetSupportedTargetsForTest(0);
}

std::vector<std::byte> random_bytes(std::size_t count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

float scalar_twin(PackedSample kind, const std::byte* at) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes_of(kind); i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(at[i]);
  switch (kind) {
    case PackedSample::unsigned8:
      return static_cast<float>(std::ldexp(static_cast<double>(value) - 128.0, -7));
    case PackedSample::signed16:
      return static_cast<float>(std::ldexp(static_cast<std::int16_t>(value), -15));
    case PackedSample::signed24:
      return static_cast<float>(std::ldexp(static_cast<std::int32_t>(value << 8), -31));
    case PackedSample::signed32:
      return static_cast<float>(std::ldexp(static_cast<std::int32_t>(value), -31));
    case PackedSample::float32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(value));
    case PackedSample::float64:
      return static_cast<float>(std::bit_cast<double>(value));
  }
  return 0.0f;
}

// The bits of a float; every NaN that a conversion makes counts as the same.
std::uint32_t bits_of(PackedSample kind, float x) {
  return kind == PackedSample::float64 && std::isnan(x) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(x);
}

void expect_unpacked(PackedSample kind, std::size_t channels, std::size_t frames, std::size_t from,
                     std::size_t to) {
  constexpr float guard = 12345.0f;
  const std::size_t size = channels * frames * bytes_of(kind);
  // The samples end with their allocation, so that a look beyond it is seen by the address sanitizer.
  const std::vector<std::byte> source = random_bytes(size, static_cast<unsigned>(frames));
  const auto bytes = std::make_unique<std::byte[]>(from + size);
  std::ranges::copy(source, bytes.get() + from);
  std::vector<std::vector<float>> out(channels, std::vector<float>(to + frames + 1, guard));
  std::vector<float*> pointers;
  for (std::vector<float>& channel : out) pointers.push_back(channel.data());
  unpack(kind, {bytes.get() + from, size}, {pointers, to, frames});
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < to; ++i) ASSERT_EQ(out[c][i], guard);
    ASSERT_EQ(out[c][to + frames], guard) << channels << " channels, " << frames << " frames";
    for (std::size_t i = 0; i < frames; ++i) {
      const float expected = scalar_twin(kind, source.data() + (i * channels + c) * bytes_of(kind));
      ASSERT_EQ(bits_of(kind, out[c][to + i]), bits_of(kind, expected))
          << "kind " << static_cast<int>(kind) << ", channel " << c << " of " << channels << ", frame " << i
          << " of " << frames;
    }
  }
}

TEST(PackedSamples, UnpackToTheirValuesAtEveryLengthAndPlace) {
  on_every_target([] {
    for (const PackedSample kind : all_kinds) {
      for (const std::size_t channels : {1u, 2u, 3u}) {
        for (std::size_t frames = 0; frames <= 70; ++frames) {
          for (const std::size_t place : {0u, 1u, 3u}) expect_unpacked(kind, channels, frames, place, place);
        }
      }
    }
  });
}

TEST(PackedSamples, UnpackForAnyNumberOfChannels) {
  on_every_target([] {
    for (const PackedSample kind : all_kinds) {
      for (const std::size_t channels : {4u, 5u, 6u, 7u, 8u, 31u, 64u, 2048u}) {
        for (const std::size_t frames : {1u, 2u, 33u, 700u}) {
          if (channels * frames < 100'000) expect_unpacked(kind, channels, frames, 1, 2);
        }
      }
    }
  });
}

TEST(PackedSamples, UnpackWhatIsNotANumberAsItIs) {
  on_every_target([] {
    std::vector<float> samples(40, 0.5f);
    const std::uint32_t odd[] = {0x7fc01234u, 0xffc00001u, 0x7f800000u,
                                 0xff800000u, 0x00000001u, 0x80000000u};
    for (std::size_t i = 0; i < std::size(odd); ++i) samples[3 * i] = std::bit_cast<float>(odd[i]);
    std::vector<float> out(samples.size());
    float* const channel = out.data();
    unpack(PackedSample::float32, std::as_bytes(std::span(samples)), {{&channel, 1}, 0, out.size()});
    EXPECT_EQ(std::memcmp(out.data(), samples.data(), samples.size() * sizeof(float)), 0);
  });
}

TEST(PackedSamples, PackTheirUpperBytesAtEveryLength) {
  on_every_target([] {
    std::mt19937 random(3);
    for (const PackedSample kind : {PackedSample::signed16, PackedSample::signed24, PackedSample::signed32}) {
      const std::size_t width = bytes_of(kind);
      for (std::size_t count = 0; count <= 70; ++count) {
        std::vector<std::int32_t> samples(count);
        for (std::int32_t& sample : samples) sample = static_cast<std::int32_t>(random());
        const auto bytes = std::make_unique<std::byte[]>(count * width);
        pack(kind, samples, {bytes.get(), count * width});
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t k = 0; k < width; ++k) {
            ASSERT_EQ(std::to_integer<int>(bytes[i * width + k]), samples[i] >> (8 * (4 - width + k)) & 0xff)
                << "sample " << i << " of " << count << ", byte " << k;
          }
        }
      }
    }
  });
}

TEST(AllFinite, SeesOneBadSampleAnywhere) {
  const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                       -std::numeric_limits<float>::infinity(), std::bit_cast<float>(0xff800001u)};
  on_every_target([&] {
    for (std::size_t length = 0; length <= 70; ++length) {
      std::vector<float> samples(length + 2, bad[0]);
      std::fill_n(samples.begin() + 1, length, -std::numeric_limits<float>::max());
      const std::span<const float> inner = std::span<const float>(samples).subspan(1, length);
      ASSERT_TRUE(all_finite(inner)) << length;
      for (std::size_t i = 0; i < length; ++i) {
        for (const float value : bad) {
          samples[1 + i] = value;
          ASSERT_FALSE(all_finite(inner)) << i << " of " << length;
        }
        samples[1 + i] = 0.0f;
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
