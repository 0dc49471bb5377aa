// SPDX-License-Identifier: MIT
// The jobs of the product: measure files, stage a session, render the mix. The only room with threads.
// Results do not depend on the number of threads. All functions are for the main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio_file/audio_writer.h"
#include "base/error.h"
#include "engine/progress.h"
#include "meters/true_peak.h"
#include "session/session.h"
#include "staging/staging.h"

namespace gainstage {

enum class NonFinite { refuse, silence };

struct MeasureOptions {
  TruePeakFilter true_peak = TruePeakFilter::oversampled_16x;
  NonFinite non_finite = NonFinite::refuse;
  Db vu_reference{-18.0};     ///< dBFS of 0 VU.
  Db k_reference{-20.0};      ///< -12, -14 or -20: the K of K-12, K-14, K-20.
  bool is_dual_mono = false;  ///< A mono file is measured as two equal channels (+3.01 LU).
  bool with_spectrum = true;
  bool with_stereo = true;
  bool with_history = false;  ///< Fill FileMeasurements::momentary, short_term, correlation, vectorscope.
};

inline constexpr std::size_t vectorscope_size = 65;

/// Measure and what charts draw.
struct FileMeasurements {
  Measure measure;
  ThirdOctaves spectrum{};             ///< Mean power of the channels' sum of energies.
  std::vector<float> momentary_lufs;   ///< Every 100 ms; -inf where silent.
  std::vector<float> short_term_lufs;  ///< Every 100 ms.
  std::vector<float> correlation;      ///< Every 100 ms.
  ThirdOctaves width{};                ///< Side share of each band, 0..1.
  std::vector<std::uint32_t>
      vectorscope;            ///< vectorscope_size^2 counts, row by row; x = side (L left), y = mid up.
  bool is_truncated = false;  ///< The file ends before its header says, or without an end mark.
  double missing_s = 0.0;     ///< What a truncated file's header promises beyond; 0 where it does not say.
};

/// Measures one file. Memory does not grow with the length but for the statistics kept.
Result<FileMeasurements> measure_file(const std::string& path, const MeasureOptions& options,
                                      const WorkOptions& work = {});

/// Measures the mix of a session with a flow as its desk stands: what its master gives out. The session must
/// outlive this.
Result<FileMeasurements> measure_mix(const Session& session, const MeasureOptions& options,
                                     const WorkOptions& work = {});

/// Measures every track of a session, and their covariance. Spectrum and features are measured whatever the
/// options say: staging needs them.
Result<Measurements> measure_session(const Session& session, const MeasureOptions& options,
                                     const WorkOptions& work = {});

/// What one run of the method decided, and what it heard.
struct StagedSession {
  Measurements measurements;
  GainPlan plan;
};

/// The whole method but the rendering: measure, balance, measure the low end and the build, anchor, raise.
/// Two passes over the tracks, or three where ranges or the strength keep them from moving as one. Errors:
/// bad_input when every track is silent, when the tracks cancel each other to silence, or when samples are
/// not finite and may not be taken as silence.
Result<StagedSession> stage(const Session& session, const StagingOptions& staging,
                            const MeasureOptions& measuring, const WorkOptions& work = {});

/// stage() of a session that was measured before: what the method decides with other options. Reads the
/// tracks once or twice, or more where a limiter is to be driven. `base`: what each track is turned by before
/// the method begins, minus infinity leaves it out; none where it is empty. Ranges, locks and strength are of
/// what the method moves from there; the plan's gains are against the session, the base among them. Errors:
/// as stage().
Result<GainPlan> plan(const Session& session, const Measurements& measurements, const StagingOptions& staging,
                      const MeasureOptions& measuring, const WorkOptions& work = {},
                      std::span<const Db> base = {});

/// What the limiter did.
struct LimiterReport {
  Db greatest_reduction;  ///< >= 0.
  Db mean_reduction_while_active;
  double active_share = 0.0;        ///< 0..1 of the time, with at least 0.05 dB.
  std::vector<float> reduction_db;  ///< Greatest of every 100 ms.
};

struct RenderOptions {
  WriteFormat format;  ///< Rate and channels are the session's, whatever is said here.
  Overwrite overwrite = Overwrite::no;
  NonFinite non_finite = NonFinite::refuse;
  std::optional<Db> limiter_ceiling;  ///< Set: a true-peak limiter runs at this ceiling.
};

struct RenderReport {
  std::uint64_t clipped_samples = 0;
  std::optional<LimiterReport> limiter;
};

/// Sums the tracks with the given gains (one a track, linear ratio exactly 10^(dB/20)) and writes the mix to
/// `path`.
Result<RenderReport> render_mix(const Session& session, const std::vector<Db>& gains, const std::string& path,
                                const RenderOptions& options, const WorkOptions& work = {});

struct StemsReport {
  std::vector<std::string> paths;  ///< In the session's order.
  /// What was written: as asked, or WAV of 32-bit floats where a stem would have clipped.
  Container container = Container::wav;
  SampleFormat sample_format = SampleFormat::pcm24;
};

/// Writes each track with its gain to `folder` (made when missing, and the folders within it), under its own
/// path there with the format's extension, at its own rate and channel count: nothing but the gain changes.
/// When a stem would clip in an integer format, all are written as 32-bit float WAV instead, and the report
/// says so. Files appear when all are whole. No limiter.
Result<StemsReport> render_stems(const Session& session, const std::vector<Db>& gains,
                                 const std::string& folder, const RenderOptions& options,
                                 const WorkOptions& work = {});

}  // namespace gainstage
