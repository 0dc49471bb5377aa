// SPDX-License-Identifier: MIT
#include "desk/scope/scope.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/units.h"
#include "dsp/window.h"
#include "meters/frequency_bands.h"

namespace gainstage::desk {
namespace {

constexpr double window_s = 0.17;
constexpr double fall_s = 0.15;
constexpr double field_s = 0.3;
constexpr double hold_s = 2.0;
constexpr double hold_fall_db_per_s = 20.0;
constexpr double lowest_hz = 20.0;
constexpr double highest_hz = 20000.0;
constexpr std::size_t most_points = 512;
constexpr float silent = -std::numeric_limits<float>::infinity();

float decibels(double power_ratio) { return static_cast<float>(power_to_db(power_ratio).value); }

/// Left over right in dB; 0 where both are silent.
float balance(double left, double right) { return left == right ? 0.0f : decibels(left / right); }

/// The newest level, or what is left of the one before, whichever is greater.
float fallen(float before_dbfs, float now_dbfs, double passed_s) {
  constexpr double db_per_s = 10.0 / std::numbers::ln10 / fall_s;
  return std::max(now_dbfs, before_dbfs - static_cast<float>(db_per_s * passed_s));
}

std::int16_t to_int16(float ratio) {
  const float scaled = std::isnan(ratio) ? 0.0f : std::clamp(ratio * 32767.0f, -32767.0f, 32767.0f);
  return static_cast<std::int16_t>(std::lrint(scaled));
}

}  // namespace

ScopeAnalyser::ScopeAnalyser(double sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz),
      fft_(ComplexFft::fast_length(static_cast<std::size_t>(std::ceil(window_s * sample_rate_hz)))) {
  const std::size_t length = fft_.length();
  window_.resize(length);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < length; ++i) {
    const double w = hann_window(2.0 * (static_cast<double>(i) + 0.5) / static_cast<double>(length) - 1.0);
    window_[i] = static_cast<float>(w);
    sum += w;
    squares += w * w;
  }
  // A sine of amplitude 1 in the middle of a bin: |X| = sum / 2.
  sine_power_ = sum * sum / 4.0;
  // Parseval: the bins up to half the rate hold half of length times the windowed squares.
  noise_power_ = static_cast<double>(length) * squares / 2.0;
  left_.resize(length);
  right_.resize(length);
  ordered_left_.resize(length);
  ordered_right_.resize(length);
  bins_.resize(length / 2 + 1);

  const double bin_hz = sample_rate_hz / static_cast<double>(length);
  const auto top = static_cast<double>(bins_.size() - 1);
  for (std::size_t b = 0; b < scope_bands; ++b) {
    // A bin holds half a bin to both sides; those on the edges count by what lies within.
    const FrequencyRange range = third_octave_range(b);
    const double from = std::min(range.from_hz / bin_hz + 0.5, top + 1.0);
    const double to = std::min(range.to_hz / bin_hz + 0.5, top + 1.0);
    BandBins& band = bands_[b];
    band.first = static_cast<std::size_t>(from);
    band.last = static_cast<std::size_t>(to);
    band.first_share = static_cast<double>(band.first + 1) - from;
    band.last_share = to - static_cast<double>(band.last);
    if (band.first == band.last) {
      band.first_share = to - from;
      band.last_share = 0.0;
    }
  }
  const double step = std::log(highest_hz / lowest_hz) / static_cast<double>(scope_lines - 1);
  for (std::size_t l = 0; l <= scope_lines; ++l) {
    edges_[l] = lowest_hz * std::exp(step * (static_cast<double>(l) - 0.5)) / bin_hz;
  }
  reset();
}

void ScopeAnalyser::reset() {
  std::fill(left_.begin(), left_.end(), 0.0f);
  std::fill(right_.begin(), right_.end(), 0.0f);
  scope_ = {};
  scope_.bands_dbfs.fill(silent);
  scope_.hold_dbfs.fill(silent);
  scope_.fine_dbfs.fill(silent);
  hold_left_s_.fill(0.0);
  energies_ = {};
  next_ = 0;
}

void ScopeAnalyser::add(std::span<const float> interleaved) {
  const std::size_t frames = interleaved.size() / 2;
  const double keep = std::exp(-1.0 / (field_s * sample_rate_hz_));
  scope_.points.clear();
  const std::size_t every = std::max<std::size_t>(1, (frames + most_points - 1) / most_points);
  for (std::size_t f = 0; f < frames; ++f) {
    // What is no number would never leave the sums.
    const float l = std::isfinite(interleaved[2 * f]) ? interleaved[2 * f] : 0.0f;
    const float r = std::isfinite(interleaved[2 * f + 1]) ? interleaved[2 * f + 1] : 0.0f;
    left_[next_] = l;
    right_[next_] = r;
    next_ = next_ + 1 == left_.size() ? 0 : next_ + 1;
    energies_.left = keep * energies_.left + double{l} * l;
    energies_.right = keep * energies_.right + double{r} * r;
    energies_.product = keep * energies_.product + double{l} * r;
    if (f % every == 0) scope_.points.push_back({to_int16((l - r) / 2.0f), to_int16((l + r) / 2.0f)});
  }
}

const Scope& ScopeAnalyser::look(double passed_s) {
  transform();
  fill_bands(passed_s);
  fill_lines(passed_s);
  fill_field();
  return scope_;
}

void ScopeAnalyser::transform() {
  const auto at = static_cast<std::ptrdiff_t>(next_);
  std::rotate_copy(left_.begin(), left_.begin() + at, left_.end(), ordered_left_.begin());
  std::rotate_copy(right_.begin(), right_.begin() + at, right_.end(), ordered_right_.begin());
  fft_.transform(window_, ordered_left_, ordered_right_);
  const auto re = fft_.re();
  const auto im = fft_.im();
  const std::size_t length = fft_.length();
  for (std::size_t k = 0; k < bins_.size(); ++k) {
    // Two real signals in one transform: L is its even part, R its odd one.
    const std::size_t m = k == 0 ? 0 : length - k;
    const float l_re = (re[k] + re[m]) / 2.0f;
    const float l_im = (im[k] - im[m]) / 2.0f;
    const float r_re = (im[k] + im[m]) / 2.0f;
    const float r_im = (re[m] - re[k]) / 2.0f;
    const float s_re = l_re - r_re;
    const float s_im = l_im - r_im;
    bins_[k] = {l_re * l_re + l_im * l_im, r_re * r_re + r_im * r_im, (s_re * s_re + s_im * s_im) / 2.0f};
  }
}

void ScopeAnalyser::fill_bands(double passed_s) {
  for (std::size_t b = 0; b < scope_bands; ++b) {
    const BandBins& band = bands_[b];
    double left = 0.0;
    double right = 0.0;
    double side = 0.0;
    for (std::size_t k = band.first; k <= band.last && k < bins_.size(); ++k) {
      const double share = k == band.first ? band.first_share : k == band.last ? band.last_share : 1.0;
      left += share * bins_[k].left;
      right += share * bins_[k].right;
      side += share * bins_[k].side;
    }
    const double all = left + right;
    // The mean of both channels' mean squares, over that of a sine at full scale, 1/2.
    const float level = decibels(all / noise_power_);
    scope_.bands_dbfs[b] = fallen(scope_.bands_dbfs[b], level, passed_s);
    scope_.widths[b] = all > 0.0 ? static_cast<float>(side / all) : 0.0f;
    scope_.balances_db[b] = balance(left, right);

    double& left_s = hold_left_s_[b];
    left_s -= passed_s;
    float& hold = scope_.hold_dbfs[b];
    if (left_s <= 0.0) hold -= static_cast<float>(hold_fall_db_per_s * std::min(passed_s, -left_s));
    if (level >= hold) {
      hold = level;
      left_s = hold_s;
    }
  }
}

void ScopeAnalyser::fill_lines(double passed_s) {
  const auto power = [this](std::size_t k) { return (double{bins_[k].left} + bins_[k].right) / 2.0; };
  for (std::size_t l = 0; l < scope_lines; ++l) {
    const double from = edges_[l];
    const double to = edges_[l + 1];
    const double centre = std::sqrt(from * to);
    double greatest = 0.0;
    if (centre + 1.0 < static_cast<double>(bins_.size())) {
      // Where lines lie closer than bins: between the two neighbours. Where they lie wider: the greatest
      // within.
      const auto below = static_cast<std::size_t>(centre);
      const double share = centre - static_cast<double>(below);
      greatest = (1.0 - share) * power(below) + share * power(below + 1);
      const auto last = std::min(static_cast<std::size_t>(to), bins_.size() - 1);
      for (auto k = static_cast<std::size_t>(std::ceil(from)); k <= last; ++k)
        greatest = std::max(greatest, power(k));
    }
    scope_.fine_dbfs[l] = fallen(scope_.fine_dbfs[l], decibels(greatest / sine_power_), passed_s);
  }
}

void ScopeAnalyser::fill_field() {
  const auto [left, right, product] = energies_;
  const double all = left + right;
  // Under -200 dBFS it is what is left of something long past.
  if (all < 1e-20) {
    scope_.correlation = scope_.width = scope_.balance_db = scope_.mono_loss_db = 0.0f;
    return;
  }
  const double both = std::sqrt(left * right);
  scope_.correlation = both > 0.0 ? static_cast<float>(std::clamp(product / both, -1.0, 1.0)) : 0.0f;
  scope_.width = static_cast<float>(std::clamp((all - 2.0 * product) / (2.0 * all), 0.0, 1.0));
  scope_.balance_db = balance(left, right);
  scope_.mono_loss_db = decibels(std::max(0.0, (all + 2.0 * product) / (2.0 * all)));
}

}  // namespace gainstage::desk
