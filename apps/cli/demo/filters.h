// SPDX-License-Identifier: MIT
// Filters of the demo's instruments.
#pragma once

#include <span>

namespace gainstage::demo {

/// First-order low-pass; high-pass is the input less it.
class OnePole {
 public:
  OnePole(double cutoff_hz, double rate_hz);
  double lowpass(double x) {
    state_ += factor_ * (x - state_);
    return state_;
  }
  double highpass(double x) { return x - lowpass(x); }

 private:
  double factor_;
  double state_ = 0.0;
};

/// Second-order section, transposed direct form II; coefficients by the bilinear transform of the analogue
/// prototypes (Bristow-Johnson, Audio EQ Cookbook).
class Biquad {
 public:
  static Biquad lowpass(double cutoff_hz, double q, double rate_hz);
  static Biquad highpass(double cutoff_hz, double q, double rate_hz);
  static Biquad bandpass(double centre_hz, double q, double rate_hz);  ///< 0 dB at the centre.
  static Biquad peak(double centre_hz, double q, double gain_db, double rate_hz);
  static Biquad high_shelf(double corner_hz, double gain_db, double rate_hz);

  double process(double x) {
    const double y = b0_ * x + z1_;
    z1_ = b1_ * x - a1_ * y + z2_;
    z2_ = b2_ * x - a2_ * y;
    return y;
  }

 private:
  Biquad(double b0, double b1, double b2, double a0, double a1, double a2);
  double b0_, b1_, b2_, a1_, a2_;
  double z1_ = 0.0, z2_ = 0.0;
};

/// Runs a filter over a whole signal, in place.
void filter(std::span<float> signal, Biquad biquad);

/// Second-order filter whose cutoff may move (trapezoidal integration after Zavalishin, The Art of VA Filter
/// Design).
class StateVariable {
 public:
  struct Outputs {
    double low, band, high;
  };

  void tune(double cutoff_hz, double q, double rate_hz);
  Outputs process(double x) {
    const double v3 = x - s2_;
    const double v1 = a1_ * s1_ + a2_ * v3;
    const double v2 = s2_ + a2_ * s1_ + a3_ * v3;
    s1_ = 2.0 * v1 - s1_;
    s2_ = 2.0 * v2 - s2_;
    return {v2, v1, x - k_ * v1 - v2};
  }

 private:
  double k_ = 1.0, a1_ = 0.0, a2_ = 0.0, a3_ = 0.0;
  double s1_ = 0.0, s2_ = 0.0;
};

}  // namespace gainstage::demo
