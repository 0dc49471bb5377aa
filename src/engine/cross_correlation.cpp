// SPDX-License-Identifier: MIT
#include "engine/cross_correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>

namespace gainstage {
namespace {

constexpr double low_hz = 50.0;
constexpr double high_hz = 8000.0;

using Spectrum = std::vector<std::complex<float>>;

/// Spectrum of the samples, silence after them.
Spectrum spectrum(RealFft& fft, std::span<const float> samples, std::size_t length) {
  std::vector<float> padded(length, 0.0f);
  std::ranges::copy(samples, padded.begin());
  Spectrum bins(fft.bins());
  fft.forward(padded, bins);
  return bins;
}

/// For the lags -range .. range, the real signal whose spectrum this is, times its length.
///
/// A forward transform does it: of c[k] = Re X[k] + Im X[k], where X[-k] is the conjugate of X[k]. It makes
/// sum Re X cos - i sum Im X sin, whose parts add up to the inverse at +lag and differ by it at -lag.
std::vector<double> inverse_around_zero(RealFft& fft, const Spectrum& spectrum, std::size_t length,
                                        std::size_t range) {
  std::vector<float> folded(length, 0.0f);
  folded[0] = spectrum[0].real();
  for (std::size_t k = 1; k < spectrum.size(); ++k) {
    folded[length - k] = spectrum[k].real() - spectrum[k].imag();
    folded[k] = spectrum[k].real() + spectrum[k].imag();
  }
  Spectrum transformed(fft.bins());
  fft.forward(folded, transformed);
  std::vector<double> signal(2 * range + 1);
  for (std::size_t lag = 0; lag <= range; ++lag) {
    const std::complex<double> value = transformed[lag];
    signal[range + lag] = value.real() + value.imag();
    signal[range - lag] = value.real() - value.imag();
  }
  return signal;
}

}  // namespace

CrossCorrelator::CrossCorrelator(std::size_t most_frames, double sample_rate_hz, double range_s)
    : sample_rate_hz_(sample_rate_hz),
      range_(static_cast<std::size_t>(range_s * sample_rate_hz)),
      fft_(RealFft::fast_length(most_frames + 2 * range_)) {}

std::vector<double> CrossCorrelator::correlate(std::span<const float> first, std::span<const float> second) {
  const std::size_t length = fft_.length();
  assert(std::max(first.size(), second.size()) + 2 * range_ <= length);
  const Spectrum a = spectrum(fft_, first, length);
  const Spectrum b = spectrum(fft_, second, length);

  Spectrum product(a.size());
  const double bins_per_hz = static_cast<double>(length) / sample_rate_hz_;
  const auto low = static_cast<std::size_t>(low_hz * bins_per_hz);
  const auto high = static_cast<std::size_t>(std::min(high_hz, 0.45 * sample_rate_hz_) * bins_per_hz);
  double energy_a = 0.0;
  double energy_b = 0.0;
  for (std::size_t k = low; k <= high; ++k) {
    product[k] = std::conj(a[k]) * b[k];
    energy_a += static_cast<double>(std::norm(a[k]));
    energy_b += static_cast<double>(std::norm(b[k]));
  }
  if (energy_a <= 0.0 || energy_b <= 0.0) return {};

  std::vector<double> correlation = inverse_around_zero(fft_, product, length, range_);
  // The inverse sums both halves of the spectrum; the energies hold one.
  for (double& value : correlation) value /= 2.0 * std::sqrt(energy_a * energy_b);
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
