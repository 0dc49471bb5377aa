// SPDX-License-Identifier: MIT
#include "engine/excerpt.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/complex_fft.h"
#include "engine/source_reader.h"

namespace gainstage {

double Excerpt::at(std::size_t channel, double seconds) const {
  constexpr double reach = 16.0;  // samples to each side
  const std::span<const float> values = samples.view().channel(channel);
  const double position = (seconds - first_s) * sample_rate_hz;
  const auto first = static_cast<std::ptrdiff_t>(std::ceil(position - reach));
  const auto last = static_cast<std::ptrdiff_t>(std::floor(position + reach));
  double sum = 0.0;
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, first); i <= last && i < std::ssize(values); ++i) {
    const double distance = position - static_cast<double>(i);
    const double phase = std::numbers::pi * distance;
    const double sinc = distance == 0.0 ? 1.0 : std::sin(phase) / phase;
    sum += static_cast<double>(values[static_cast<std::size_t>(i)]) * sinc * 0.5 *
           (1.0 + std::cos(phase / reach));
  }
  return sum;
}

std::vector<float> Excerpt::mono(double rate_hz) const {
  const double length_s = static_cast<double>(samples.frames()) / sample_rate_hz;
  std::vector<float> mean(static_cast<std::size_t>(std::lround(length_s * rate_hz)));
  const float share = 1.0f / static_cast<float>(samples.channels());
  for (std::size_t c = 0; c < samples.channels(); ++c) {
    if (rate_hz == sample_rate_hz) {
      accumulate(mean, share, samples.view().channel(c));
      continue;
    }
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += share * static_cast<float>(at(c, first_s + static_cast<double>(i) / rate_hz));
    }
  }
  return mean;
}

Result<Excerpt> read_excerpt(const Session& session, const Track& track, double first_s, double length_s) {
  Result<SourceReader> reader = SourceReader::open(session, track);
  if (!reader) return tl::unexpected(reader.error());
  const AudioFileInfo& info = reader->info();
  const auto first = static_cast<Frames>(std::llround(first_s * info.sample_rate_hz));
  const auto frames =
      static_cast<std::size_t>(std::max<long long>(1, std::llround(length_s * info.sample_rate_hz)));
  Excerpt excerpt;
  excerpt.samples = AudioBuffer(info.channels(), frames);
  excerpt.sample_rate_hz = info.sample_rate_hz;
  excerpt.first_s = static_cast<double>(first) / info.sample_rate_hz;
  if (first >= info.frames) return excerpt;
  if (first > 0) {
    if (const Result<void> sought = reader->seek(first); !sought) return tl::unexpected(sought.error());
  }
  auto filled = static_cast<std::size_t>(std::clamp<Frames>(-first, 0, static_cast<Frames>(frames)));
  while (filled < frames) {
    const Result<std::size_t> got = reader->read(excerpt.samples.view().section(filled, frames - filled));
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) break;
    filled += *got;
  }
  return excerpt;
}

}  // namespace gainstage
