// SPDX-License-Identifier: MIT
// Fourier transform of real signals.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace gainstage {

/// Forward transform of `length` real samples (even) to length/2 + 1 bins, not scaled.
class RealFft {
 public:
  explicit RealFft(std::size_t length);  // [main]

  /// The least even length from `at_least` up that has no prime factor over 5: fast, and without allocation.
  static std::size_t fast_length(std::size_t at_least);

  std::size_t length() const noexcept { return length_; }
  std::size_t bins() const noexcept { return length_ / 2 + 1; }
  /// Not on two threads at once: the transform has scratch memory of its own.
  void forward(std::span<const float> time, std::span<std::complex<float>> frequency) noexcept;  // [rt]

 private:
  struct Free {
    void operator()(void* plan) const noexcept;
  };

  std::size_t length_;
  std::unique_ptr<void, Free> plan_;
};

}  // namespace gainstage
