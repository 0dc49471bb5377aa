// SPDX-License-Identifier: MIT
#include "dsp/real_fft.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void RealFft::forward(std::span<const float> time, std::span<std::complex<float>> frequency) noexcept {
  assert(time.size() == length() && frequency.size() == bins());
  std::ranges::copy(time, fft_.re().begin());
  std::ranges::fill(fft_.im(), 0.0f);
  fft_.transform();
  for (std::size_t k = 0; k < frequency.size(); ++k) frequency[k] = {fft_.re()[k], fft_.im()[k]};
}

}  // namespace gainstage
