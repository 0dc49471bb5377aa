// SPDX-License-Identifier: MIT
#include "engine/cross_correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/level.h"

namespace gainstage {
namespace {

constexpr double low_hz = 50.0;
constexpr double high_hz = 8000.0;

/// Samples, scaled to squares of 1 together, and silence after them. False where they are silent: they stay
/// so.
bool load(std::span<const float> samples, std::span<float> to) {
  LaneSum squares;
  add_squares(squares, samples);
  std::ranges::fill(to, 0.0f);
  if (squares.total() <= 0.0) return false;
  accumulate(to.first(samples.size()), static_cast<float>(1.0 / std::sqrt(squares.total())), samples);
  return true;
}

}  // namespace

CrossCorrelator::CrossCorrelator(std::size_t most_frames, double sample_rate_hz, double range_s)
    : sample_rate_hz_(sample_rate_hz),
      range_(static_cast<std::size_t>(range_s * sample_rate_hz)),
      fft_(ComplexFft::fast_length(most_frames + 2 * range_)) {}

std::vector<double> CrossCorrelator::correlate(std::span<const float> first, std::span<const float> second) {
  const std::size_t length = fft_.length();
  assert(std::max(first.size(), second.size()) + 2 * range_ <= length);
  const double bins_per_hz = static_cast<double>(length) / sample_rate_hz_;
  const auto low = static_cast<std::size_t>(low_hz * bins_per_hz);
  const auto high = static_cast<std::size_t>(std::min(high_hz, 0.45 * sample_rate_hz_) * bins_per_hz);

  // Both in one transform Z = A + iB, of like energy, so that rounding of one is not much to the other. As
  // real signals' spectra are mirrored, A[k] = (Z[k] + Z[-k]*) / 2 and B[k] = (Z[k] - Z[-k]*) / 2i.
  if (!load(first, fft_.re()) || !load(second, fft_.im())) return {};
  fft_.transform();
  const std::span<float> re = fft_.re();
  const std::span<float> im = fft_.im();
  product_.clear();
  double energy_a = 0.0;
  double energy_b = 0.0;
  for (std::size_t k = low; k <= high; ++k) {
    const std::size_t mirror = (length - k) % length;
    const float a_re = 0.5f * (re[k] + re[mirror]);
    const float a_im = 0.5f * (im[k] - im[mirror]);
    const float b_re = 0.5f * (im[k] + im[mirror]);
    const float b_im = 0.5f * (re[mirror] - re[k]);
    product_.emplace_back(a_re * b_re + a_im * b_im, a_re * b_im - a_im * b_re);  // A* B
    energy_a += static_cast<double>(a_re * a_re + a_im * a_im);
    energy_b += static_cast<double>(b_re * b_re + b_im * b_im);
  }
  if (energy_a <= 0.0 || energy_b <= 0.0) return {};

  // The real part of the inverse transform; the forward one makes the conjugate of it from the conjugate.
  std::ranges::fill(re, 0.0f);
  std::ranges::fill(im, 0.0f);
  for (std::size_t i = 0; i < product_.size(); ++i) {
    re[low + i] = product_[i].real();
    im[low + i] = -product_[i].imag();
  }
  fft_.transform();
  const double scale = 1.0 / std::sqrt(energy_a * energy_b);
  std::vector<double> correlation(2 * range_ + 1);
  for (std::size_t lag = 0; lag <= range_; ++lag) {
    correlation[range_ + lag] = scale * static_cast<double>(fft_.re()[lag]);
    correlation[range_ - lag] = scale * static_cast<double>(fft_.re()[(length - lag) % length]);
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
