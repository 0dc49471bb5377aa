// SPDX-License-Identifier: MIT
// Fourier transform of complex samples, and of two real signals at once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/aligned_vector.h"

namespace gainstage {

/// Forward transform, not scaled, on samples whose real and imaginary parts lie apart.
///
/// The length is 256 times a product of 2, 3 and 5. It is taken apart into sixteen columns (Cooley and
/// Tukey): each vector holds the same row of all columns, so no pass but the one in the middle moves samples
/// between lanes (Stockham's order in the columns).
class ComplexFft {
 public:
  static constexpr std::size_t columns = 16;

  explicit ComplexFft(std::size_t length);  // [main]

  /// The least length from `at_least` up that can be transformed.
  static std::size_t fast_length(std::size_t at_least);

  std::size_t length() const noexcept { return re_.size(); }

  /// What is transformed, and then the result: `length()` samples each. Anything may be written to them.
  std::span<float> re() noexcept { return re_; }
  std::span<float> im() noexcept { return im_; }
  std::span<const float> re() const noexcept { return re_; }
  std::span<const float> im() const noexcept { return im_; }
  void transform() noexcept;  // [rt]
  /// As transform(), of samples that lie elsewhere, each times its weight in `window`; no
  /// weights without one. All are as long as the transform. The result lies in re() and im(). [rt]
  void transform(std::span<const float> window, std::span<const float> re,
                 std::span<const float> im) noexcept;

  /// With one real signal in re() and another in im(), transformed: their energy together by bin, and that of
  /// half their difference's square ((a - b) / sqrt 2). `length() / 2 + 1` bins each; a bin of a real signal
  /// stands for its mirror image too, and the bins add up to the signals' squares (Parseval). [rt]
  void energies_of_two(std::span<float> sum, std::span<float> side) const noexcept;
  /// Adds `share` times the same to what is there; without `side` (an empty span), to the sum only. [rt]
  void add_energies_of_two(float share, std::span<float> sum, std::span<float> side) const noexcept;

  /// One pass of the columns' transform. Internal to the room's kernels.
  struct Pass {
    std::size_t radix = 2;
    std::size_t rows = 1;       ///< Rows a butterfly's legs are apart, over `stride`.
    std::size_t stride = 1;     ///< Neighbouring rows that share their twiddles.
    std::vector<float> re, im;  ///< Twiddles: rows x (radix - 1).
  };

 private:
  std::vector<Pass> passes_;
  AlignedVector<float> twiddle_re_, twiddle_im_;  ///< Between columns: one for each sample, in the
                                                  ///< order in which the columns are joined.
  AlignedVector<float> re_, im_;
  AlignedVector<float> other_re_, other_im_;
};

/// out[i] = window[i] x[i]. Same lengths. [rt]
void apply_window(std::span<const float> window, std::span<const float> x, std::span<float> out) noexcept;

/// sum[i] += share x[i]. Same lengths. [rt]
void accumulate(std::span<float> sum, float share, std::span<const float> x) noexcept;

}  // namespace gainstage
