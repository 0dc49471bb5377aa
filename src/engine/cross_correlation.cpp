// SPDX-License-Identifier: MIT
#include "engine/cross_correlation.h"

#include <kiss_fftr.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <memory>

namespace gainstage {
namespace {

constexpr double low_hz = 50.0;
constexpr double high_hz = 8000.0;

using Spectrum = std::vector<std::complex<float>>;

struct FreeTransform {
  void operator()(kiss_fftr_cfg transform) const { kiss_fftr_free(transform); }
};
using Transform = std::unique_ptr<std::remove_pointer_t<kiss_fftr_cfg>, FreeTransform>;

/// The next even length without prime factors over 5.
int transform_length(double at_least) {
  int length = 2 * (static_cast<int>(std::ceil(at_least)) / 2);
  while (kiss_fftr_next_fast_size_real(length) != length) length += 2;
  return length;
}

/// Spectrum of the samples, silence after them, over `seconds` in all: bin k lies at k / seconds Hz at any
/// rate.
Spectrum spectrum(MonoExcerpt excerpt, double seconds) {
  const int length = 2 * static_cast<int>(std::lround(0.5 * seconds * excerpt.sample_rate_hz));
  const Transform transform(kiss_fftr_alloc(length, 0, nullptr, nullptr));
  std::vector<float> padded(static_cast<std::size_t>(length), 0.0f);
  std::copy_n(excerpt.samples.begin(), std::min(excerpt.samples.size(), padded.size()), padded.begin());
  std::vector<kiss_fft_cpx> bins(padded.size() / 2 + 1);
  kiss_fftr(transform.get(), padded.data(), bins.data());
  Spectrum result;
  result.reserve(bins.size());
  for (const kiss_fft_cpx& bin : bins) result.emplace_back(bin.r, bin.i);
  return result;
}

}  // namespace

std::vector<double> cross_correlation(MonoExcerpt first, MonoExcerpt second, double lag_rate_hz,
                                      double range_s) {
  const double content_s = std::max(static_cast<double>(first.samples.size()) / first.sample_rate_hz,
                                    static_cast<double>(second.samples.size()) / second.sample_rate_hz);
  const int length = transform_length((content_s + 2.0 * range_s) * lag_rate_hz);
  const double seconds = static_cast<double>(length) / lag_rate_hz;
  const Spectrum a = spectrum(first, seconds);
  const Spectrum b = spectrum(second, seconds);

  std::vector<kiss_fft_cpx> product(static_cast<std::size_t>(length) / 2 + 1, kiss_fft_cpx{0.0f, 0.0f});
  const std::size_t bins = std::min({a.size(), b.size(), product.size()});
  const double rate_hz = std::min({first.sample_rate_hz, second.sample_rate_hz, lag_rate_hz});
  const auto low = static_cast<std::size_t>(low_hz * seconds);
  const auto high = std::min(bins - 1, static_cast<std::size_t>(std::min(high_hz, 0.45 * rate_hz) * seconds));
  double energy_a = 0.0;
  double energy_b = 0.0;
  // Spectra of unequal rates are on unequal scales.
  const float scale =
      static_cast<float>(lag_rate_hz / first.sample_rate_hz * lag_rate_hz / second.sample_rate_hz);
  const double scale_a = std::pow(lag_rate_hz / first.sample_rate_hz, 2.0);
  const double scale_b = std::pow(lag_rate_hz / second.sample_rate_hz, 2.0);
  for (std::size_t k = low; k <= high; ++k) {
    const std::complex<float> bin = std::conj(a[k]) * b[k] * scale;
    product[k] = {bin.real(), bin.imag()};
    energy_a += scale_a * static_cast<double>(std::norm(a[k]));
    energy_b += scale_b * static_cast<double>(std::norm(b[k]));
  }
  if (energy_a <= 0.0 || energy_b <= 0.0) return {};

  const Transform inverse(kiss_fftr_alloc(length, 1, nullptr, nullptr));
  std::vector<float> circular(static_cast<std::size_t>(length));
  kiss_fftri(inverse.get(), product.data(), circular.data());
  // The inverse sums both halves of the spectrum; the energies hold one.
  const double norm = 1.0 / (2.0 * std::sqrt(energy_a * energy_b));
  const int range = static_cast<int>(range_s * lag_rate_hz);
  std::vector<double> correlation;
  for (int lag = -range; lag <= range; ++lag) {
    const int place = lag < 0 ? lag + length : lag;
    correlation.push_back(norm * static_cast<double>(circular[static_cast<std::size_t>(place)]));
  }
  return correlation;
}

Alignment best_alignment(std::span<const double> correlation) {
  const int range = static_cast<int>(correlation.size() / 2);
  double greatest = 0.0;
  for (const double value : correlation) greatest = std::max(greatest, std::abs(value));
  Alignment best;
  bool is_found = false;
  for (std::size_t i = 1; i + 1 < correlation.size(); ++i) {
    const double here = std::abs(correlation[i]);
    const bool is_peak = here >= std::abs(correlation[i - 1]) && here >= std::abs(correlation[i + 1]);
    if (!is_peak || here < 0.9 * greatest) continue;
    const int lag = static_cast<int>(i) - range;
    if (is_found && std::abs(lag) >= std::abs(best.lag)) continue;
    best = {lag, correlation[i]};
    is_found = true;
  }
  return best;
}

}  // namespace gainstage
