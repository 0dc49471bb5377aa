// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/interpolator.h"
#include "dsp/window.h"

namespace gainstage {
namespace {

double sinc(double t) {
  if (t == 0.0) return 1.0;
  return std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
}

/// x of A x = b, for a symmetric positive definite A, row after row, by Cholesky's decomposition.
std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return a[i * n + j]; };
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = at(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
      at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= at(i, k) * b[k];
    b[i] /= at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= at(k, i) * b[k];
    b[i] /= at(i, i);
  }
  return b;
}

}  // namespace

Interpolator hann_interpolator(std::size_t factor, std::size_t half_width_frames) {
  assert(factor >= 1 && half_width_frames >= 1);
  Interpolator result{factor, 2 * half_width_frames, {}};
  const double half_width = static_cast<double>(half_width_frames);
  for (std::size_t p = 1; p < factor; ++p) {
    for (std::size_t j = 0; j < result.taps; ++j) {
      const double t =
          static_cast<double>(j) - (half_width - 1.0) - static_cast<double>(p) / static_cast<double>(factor);
      result.coefficients.push_back(static_cast<float>(sinc(t) * hann_window(t / half_width)));
    }
  }
  return result;
}

Interpolator least_squares_interpolator(std::size_t factor, std::size_t half_width_frames, double band) {
  assert(factor >= 1 && half_width_frames >= 1 && band > 0.0 && band < 0.5);
  // The integral of |sum c[j] e^(i w j) - e^(i w t)|^2 over |w| < 2 pi band has its least value where its
  // derivatives vanish: sum c[j] sinc(2 band (i - j)) = sinc(2 band (i - t)) for every i.
  Interpolator result{factor, 2 * half_width_frames, {}};
  const std::size_t taps = result.taps;
  const auto product = [band](double frames) { return sinc(2.0 * band * frames); };
  std::vector<double> products;
  for (std::size_t i = 0; i < taps; ++i) {
    for (std::size_t j = 0; j < taps; ++j) {
      products.push_back(product(static_cast<double>(i) - static_cast<double>(j)));
    }
  }
  for (std::size_t p = 1; p < factor; ++p) {
    const double t =
        static_cast<double>(half_width_frames) - 1.0 + static_cast<double>(p) / static_cast<double>(factor);
    std::vector<double> wanted;
    for (std::size_t i = 0; i < taps; ++i) wanted.push_back(product(static_cast<double>(i) - t));
    for (const double tap : solve(products, wanted)) result.coefficients.push_back(static_cast<float>(tap));
  }
  return result;
}

Interpolator cascade(const Interpolator& first, const Interpolator& second) {
  if (second.factor == 1) return first;
  const auto f = static_cast<std::ptrdiff_t>(first.factor);
  const auto reach = static_cast<std::ptrdiff_t>(second.taps / 2);
  // Places of `first`, counted from the sample on, that `second` uses: from 1 - reach to f - 1 + reach.
  const std::ptrdiff_t frames_more = (reach + f - 1) / f;
  Interpolator result{
      first.factor * second.factor, first.taps + 2 * static_cast<std::size_t>(frames_more), {}};
  for (std::ptrdiff_t place = 1; place < f * static_cast<std::ptrdiff_t>(second.factor); ++place) {
    std::vector<double> taps(result.taps, 0.0);
    const auto add = [&](std::ptrdiff_t of_first, double gain) {
      // Floor division: a place before the sample belongs to an earlier frame.
      const std::ptrdiff_t frame = (of_first + f * frames_more) / f - frames_more;
      const std::ptrdiff_t phase = of_first - frame * f;
      const auto start = static_cast<std::size_t>(frames_more + frame);
      if (phase == 0) {
        taps[start + first.taps / 2 - 1] += gain;
        return;
      }
      const std::span<const float> source = first.phase(static_cast<std::size_t>(phase));
      for (std::size_t j = 0; j < source.size(); ++j)
        taps[start + j] += gain * static_cast<double>(source[j]);
    };
    const std::ptrdiff_t of_first = place / static_cast<std::ptrdiff_t>(second.factor);
    const auto of_second = static_cast<std::size_t>(place) % second.factor;
    if (of_second == 0) {
      add(of_first, 1.0);
    } else {
      const std::span<const float> weights = second.phase(of_second);
      for (std::size_t k = 0; k < weights.size(); ++k) {
        add(of_first + 1 - reach + static_cast<std::ptrdiff_t>(k), static_cast<double>(weights[k]));
      }
    }
    for (double tap : taps) result.coefficients.push_back(static_cast<float>(tap));
  }
  return result;
}

double l1_norm(std::span<const float> taps) noexcept {
  double sum = 0.0;
  for (float tap : taps) sum += std::abs(static_cast<double>(tap));
  return sum;
}

FoldedInterpolator fold(const Interpolator& interpolator) {
  FoldedInterpolator folded{interpolator.factor, interpolator.taps, {}};
  for (std::size_t p = 1; 2 * p <= interpolator.factor; ++p) {
    const std::span<const float> taps = interpolator.phase(p);
    for (const float sign : {1.0f, -1.0f}) {
      for (std::size_t j = 0; j < taps.size() / 2; ++j) {
        folded.coefficients.push_back(0.5f * (taps[j] + sign * taps[taps.size() - 1 - j]));
      }
    }
  }
  return folded;
}

namespace {

/// A phase as `earlier` x (the sample before) + `later` x (the one after) + second differences: bends[j] x
/// (that of samples j, j + 1 and j + 2).
struct Bending {
  double earlier = 0.0;
  double later = 0.0;
  std::vector<double> bends;
};

Bending bending(std::span<const float> taps) {
  // What the filter gives of a constant and of a ramp around the middle, the two samples there can give, too.
  // The rest of it gives nothing of either, so it is a filter over second differences: its taps summed up
  // twice.
  const std::size_t middle = taps.size() / 2 - 1;
  std::vector<double> rest(taps.begin(), taps.end());
  double constant = 0.0;
  double ramp = 0.0;
  for (std::size_t j = 0; j < rest.size(); ++j) {
    constant += rest[j];
    ramp += rest[j] * (static_cast<double>(j) - static_cast<double>(middle));
  }
  rest[middle] -= constant - ramp;
  rest[middle + 1] -= ramp;
  Bending result{constant - ramp, ramp, {}};
  double once = 0.0;
  double twice = 0.0;
  for (const double tap : rest) {
    once += tap;
    twice += once;
    result.bends.push_back(twice);
  }
  return result;
}

}  // namespace

InterpolationBound bound(const Interpolator& interpolator) {
  InterpolationBound result;
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    const Bending phase = bending(interpolator.phase(p));
    double bend = 0.0;
    for (const double factor : phase.bends) bend += std::abs(factor);
    result.level = std::max(result.level, std::abs(phase.earlier) + std::abs(phase.later));
    result.bend = std::max(result.bend, bend);
  }
  return result;
}

NearBound near_bound(const Interpolator& interpolator, std::size_t first, std::size_t last) {
  assert(first >= 1 && first <= last && 2 * last <= interpolator.factor && interpolator.taps >= 4);
  NearBound result;
  double level = 0.0;
  const std::size_t middle = interpolator.taps / 2 - 1;
  for (std::size_t p = first; p <= interpolator.factor - first; ++p) {
    if (p > last && p < interpolator.factor - last) continue;
    const Bending phase = bending(interpolator.phase(p));
    const double before = std::abs(phase.bends[middle - 1]);
    const double after = std::abs(phase.bends[middle]);
    double far = -before - after;
    for (const double factor : phase.bends) far += std::abs(factor);
    result.near = std::max({result.near, before, after});
    result.far = std::max(result.far, far);
    // The further from one of the two, the nearer to the other: none takes more of the greater sample than
    // the first, nor more of both together than `level`.
    result.greater = std::max({result.greater, std::abs(phase.earlier), std::abs(phase.later)});
    level = std::max(level, std::abs(phase.earlier) + std::abs(phase.later));
  }
  result.lesser = level - result.greater;
  return result;
}

}  // namespace gainstage
