// SPDX-License-Identifier: MIT
// Fourier transform of real samples.
#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "dsp/complex_fft.h"

namespace gainstage {

/// Forward transform of `length` real samples to length/2 + 1 bins, not scaled.
class RealFft {
 public:
  explicit RealFft(std::size_t length) : fft_(length) {}  // [main]

  static std::size_t fast_length(std::size_t at_least) { return ComplexFft::fast_length(at_least); }

  std::size_t length() const noexcept { return fft_.length(); }
  std::size_t bins() const noexcept { return length() / 2 + 1; }
  /// Not on two threads at once: the transform has scratch memory of its own.
  void forward(std::span<const float> time, std::span<std::complex<float>> frequency) noexcept;  // [rt]

 private:
  ComplexFft fft_;
};

}  // namespace gainstage
