// SPDX-License-Identifier: MIT
// A session that plays: mixed block by block, while hands move its stages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/error.h"
#include "base/units.h"
#include "session/session.h"

namespace gainstage {

/// Where a strip is heard or watched. `clip`: what its clips, or the strips that feed it, give into the trim.
enum class LiveTap : std::uint8_t { clip, insert_in, fader_out };

/// One thing that is moved. Gains are ratios on top of what the session's own desk does at that place, and
/// are reached within 10 ms without a click.
struct LiveCommand {
  enum class Kind : std::uint8_t {
    play,  ///< From the end, or from behind a loop: begins at the first frame of the loop or the session.
    pause,
    seek,  ///< `first`. Sound fades for 5 ms before and behind; the turn of a loop does not.
    /// `first` .. `last`; none where they are less than 10 ms apart. What plays behind it jumps into it.
    loop,
    trim,     ///< `strip`, `value`: before the inserts, and so before every send.
    fader,    ///< `strip`, `value`: the fader and what follows it.
    listen,   ///< `strip`, `tap`: heard in place of the mix; strip `no_strip`: the mix.
    monitor,  ///< `value`: a gain behind everything that is metered.
    mono,     ///< `value` other than 0: both channels are heard as their mean.
    watch,    ///< `probe`, `strip`, `tap`: that probe's signal; strip `no_strip`: none.
    reset,    ///< The master's figures begin anew, as they do when it is played from a pause or jumps.
  };
  static constexpr std::uint32_t no_strip = 0xffffffff;

  Kind kind = Kind::pause;
  LiveTap tap = LiveTap::fader_out;
  std::uint8_t probe = 0;
  std::uint32_t strip = no_strip;  ///< Index among the strips of the flow.
  double value = 1.0;
  Frames first = 0;
  Frames last = 0;
};

struct LiveOptions {
  std::size_t max_block_frames = 1024;
  Db vu_reference{-18.0};
  double ahead_s = 0.5;   ///< How far sources are read before they are heard.
  double start_s = 0.03;  ///< So much of them must be there before anything is, unless all that there is.
  /// process() waits for sources where it would be silent: for whoever plays as fast as it goes. Not [rt].
  bool waits_for_sources = false;
};

inline constexpr std::size_t live_probes = 8;

/// What the meters of one tap show. dB; minus infinity is silence.
struct LiveLevel {
  float peak_dbfs;  ///< Greatest |sample| since the last look.
  float hold_dbfs;  ///< Of the last 2 s.
  float vu_db;      ///< Needle, 0 at the reference.
  float momentary_lufs;
};

struct LiveStripLevels {
  LiveLevel insert_in;
  LiveLevel fader_out;
};

/// A tap over full scale since the clips were cleared.
struct LiveClip {
  float over_db = 0.0f;  ///< 0: none.
  LiveTap tap = LiveTap::insert_in;
  double at_s = 0.0;  ///< Where the worst is.
};

struct LiveMaster {
  float peak_dbfs, true_peak_max_dbtp;
  float momentary_lufs, short_term_lufs, integrated_lufs, loudness_range_lu, plr_lu;
  float momentary_max_lufs, short_term_max_lufs;
  float correlation;
  float load;  ///< Time that mixing takes over the time it lasts, of the last second.
};

struct LiveLook {
  bool is_playing = false;
  bool is_waiting = false;  ///< For sources to be read after a jump.
  double position_s = 0.0;
  std::uint32_t underruns = 0;  ///< Blocks that had to be silent because sources were not read in time.
  LiveMaster master;
  std::vector<LiveStripLevels> strips;  ///< One a strip of the flow.
  std::vector<LiveClip> clips;
};

/// What a block was, beside its samples.
struct LiveBlock {
  Frames first = 0;  ///< The session's frame of the first one.
  bool is_playing = false;
  bool is_after_jump = false;
  std::uint32_t underruns = 0;
};

/// Sources are read ahead by a thread of its own. Of the other members each belongs to one thread at a time:
/// process() to the one that makes the sound, look() to the one that shows it, send() to the one that moves.
class LiveDesk {
 public:
  /// `session` has a flow (stems: flow_of_stems()), which is played through FlowPaths, as measure_flow()
  /// does: the mix of untouched stages is what render_mix() writes, within rounding to float. Both outlive
  /// this. Errors: none for media that are missing; those strips are silent.
  static Result<std::unique_ptr<LiveDesk>> open(const Session& session, const LiveOptions& options);
  virtual ~LiveDesk() = default;

  /// False when the queue of 4096 commands is full: try again after the next block. A command about what is
  /// not there, or with a value that is no gain, does nothing. [control]
  virtual bool send(const LiveCommand& command) noexcept = 0;

  /// Mixes the next block into `out` (the session's channels). Silence while paused or waiting. [rt]
  virtual LiveBlock process(AudioView<float> out) noexcept = 0;

  /// The newest meters. Peaks are those since the last call. [meters]
  virtual void look(LiveLook& look) = 0;
  virtual void clear_clips() = 0;  // [meters]
  /// What a probe's signal was since the last call, at most the newest second: interleaved, 2 channels
  /// (mono twice). Returns the frames. [meters]
  virtual std::size_t read_probe(std::size_t probe, std::vector<float>& samples) = 0;
};

/// Stems as a desk: a strip of one clip for each track, in their order, and a master behind them. The mix of
/// it is that of the tracks. Tracks of the result have `strip`, and no path.
Session flow_of_stems(const Session& stems);

}  // namespace gainstage
