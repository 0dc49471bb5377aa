// SPDX-License-Identifier: MIT
#include "dsp/real_fft.h"

#include <kiss_fftr.h>

#include <cassert>
#include <new>

namespace gainstage {

void RealFft::Free::operator()(void* plan) const noexcept { kiss_fftr_free(plan); }

RealFft::RealFft(std::size_t length)
    : length_(length), plan_(kiss_fftr_alloc(static_cast<int>(length), 0, nullptr, nullptr)) {
  assert(length % 2 == 0 && length == fast_length(length));
  if (!plan_) throw std::bad_alloc();
}

std::size_t RealFft::fast_length(std::size_t at_least) {
  const auto is_fast = [](std::size_t n) {
    for (std::size_t prime : {2, 3, 5}) {
      while (n % prime == 0) n /= prime;
    }
    return n == 1;
  };
  std::size_t half = (at_least + 1) / 2;
  while (!is_fast(half)) ++half;
  return 2 * half;
}

void RealFft::forward(std::span<const float> time, std::span<std::complex<float>> frequency) noexcept {
  assert(time.size() == length() && frequency.size() == bins());
  static_assert(sizeof(kiss_fft_cpx) == sizeof(std::complex<float>));
  kiss_fftr(static_cast<kiss_fftr_cfg>(plan_.get()), time.data(),
            reinterpret_cast<kiss_fft_cpx*>(frequency.data()));
}

}  // namespace gainstage
