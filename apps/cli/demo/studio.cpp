// SPDX-License-Identifier: MIT
#include "demo/studio.h"

#include <array>
#include <cassert>
#include <utility>

#include "demo/effects.h"
#include "demo/filters.h"
#include "demo/score.h"
#include "demo/strings.h"
#include "demo/synths.h"
#include "demo/voice.h"

namespace gainstage::demo {

namespace {

/// A drum on its way to a microphone: how loud it gets there, and how late (343 m/s).
struct Path {
  const Signal* from;
  double gain;
  double metres;
};

void reach(Signal& microphone, const Path& path, double rate_hz) {
  add(microphone, to_frames(path.metres / 343.0, rate_hz), *path.from, path.gain);
}

Stereo placed(Signal mono, double position) {
  const PanGains pan = pan_gains(position);
  Stereo out{std::move(mono), {}};
  out.right = out.left;
  scale(out.left, pan.left);
  scale(out.right, pan.right);
  return out;
}

/// On both sides as it is.
Stereo doubled(Signal mono) {
  Stereo out{std::move(mono), {}};
  out.right = out.left;
  return out;
}

Stereo record_kick(const Kit& kit, double rate_hz) {
  Signal microphone = kit.kick;
  reach(microphone, {&kit.snare, 0.02, 0.7}, rate_hz);
  reach(microphone, {&kit.toms, 0.03, 0.6}, rate_hz);
  filter(microphone, Biquad::peak(320.0, 0.9, -5.0, rate_hz));
  filter(microphone, Biquad::peak(3800.0, 0.9, 4.0, rate_hz));
  return doubled(std::move(microphone));
}

Stereo record_snare(const Kit& kit, double rate_hz) {
  Signal microphone = kit.snare;
  reach(microphone, {&kit.hats, 0.05, 0.35}, rate_hz);
  reach(microphone, {&kit.kick, 0.03, 0.7}, rate_hz);
  reach(microphone, {&kit.toms, 0.07, 0.5}, rate_hz);
  reach(microphone, {&kit.crash, 0.02, 0.9}, rate_hz);
  filter(microphone, Biquad::highpass(95.0, 0.7, rate_hz));
  Stereo out = placed(std::move(microphone), 0.04);
  add_reverb(out,
             {.seconds = 0.9, .size = 0.7, .damping_hz = 7000.0, .predelay_s = 0.012, .highpass_hz = 300.0},
             0.09, rate_hz);
  return out;
}

Stereo record_hats(const Kit& kit, double rate_hz) {
  Signal microphone = kit.hats;
  reach(microphone, {&kit.snare, 0.07, 0.4}, rate_hz);
  reach(microphone, {&kit.crash, 0.12, 0.6}, rate_hz);
  reach(microphone, {&kit.kick, 0.01, 0.8}, rate_hz);
  filter(microphone, Biquad::highpass(350.0, 0.7, rate_hz));
  Stereo out = placed(std::move(microphone), -0.4);
  add_reverb(out, {.seconds = 0.4, .size = 0.5, .predelay_s = 0.004}, 0.05, rate_hz);
  return out;
}

/// Two microphones over the kit, hats to the left, the low tom and a crash to the right; the room comes with
/// them.
Stereo record_overheads(const Kit& kit, double rate_hz) {
  Stereo out = Stereo::silence(kit.kick.size());
  for (const Path& path : {Path{&kit.hats, 0.5, 0.9}, Path{&kit.snare, 0.34, 1.1}, Path{&kit.kick, 0.2, 1.5},
                           Path{&kit.toms, 0.42, 1.2}, Path{&kit.crash, 0.75, 0.8}}) {
    reach(out.left, path, rate_hz);
  }
  for (const Path& path : {Path{&kit.hats, 0.28, 1.4}, Path{&kit.snare, 0.32, 1.2}, Path{&kit.kick, 0.2, 1.5},
                           Path{&kit.toms, 0.5, 1.0}, Path{&kit.crash, 0.6, 1.0}}) {
    reach(out.right, path, rate_hz);
  }
  const Biquad bottom = Biquad::highpass(80.0, 0.7, rate_hz);
  filter(out.left, bottom);
  filter(out.right, bottom);
  add_reverb(out,
             {.seconds = 0.65, .size = 0.8, .damping_hz = 5500.0, .predelay_s = 0.008, .highpass_hz = 90.0},
             0.3, rate_hz);
  return out;
}

/// Close to the loudspeaker's centre: bright, dry.
Stereo record_guitar_57(const Signal& cabinet, double rate_hz) {
  Signal microphone = cabinet;
  filter(microphone, Biquad::peak(5000.0, 1.0, 3.0, rate_hz));
  filter(microphone, Biquad::highpass(100.0, 0.7, rate_hz));
  Stereo out = placed(std::move(microphone), -0.6);
  add_reverb(out, {.seconds = 0.5, .size = 0.6, .predelay_s = 0.006}, 0.05, rate_hz);
  return out;
}

/// Beside it, capsules level to a centimetre, at the cone's edge: rounder, with more of the room.
Stereo record_guitar_87(const Signal& cabinet, double rate_hz) {
  Signal microphone(cabinet.size());
  reach(microphone, {&cabinet, 1.0, 0.007}, rate_hz);
  filter(microphone, Biquad::high_shelf(3500.0, -4.0, rate_hz));
  filter(microphone, Biquad::peak(200.0, 0.7, 2.0, rate_hz));
  Stereo out = placed(std::move(microphone), -0.6);
  add_reverb(out, {.seconds = 0.6, .size = 0.8, .predelay_s = 0.008, .highpass_hz = 120.0}, 0.12, rate_hz);
  return out;
}

Stereo record_picked_guitar(std::size_t frames, double rate_hz) {
  Stereo out = placed(play_picked_guitar(picked_guitar_part(), frames, rate_hz), 0.5);
  chorus(out, 0.7, 1.8, 0.4, rate_hz);
  add_echo(out, to_seconds(0.75), 0.35, 0.28, rate_hz);
  add_reverb(out, {.seconds = 1.6, .predelay_s = 0.02, .highpass_hz = 250.0}, 0.1, rate_hz);
  return out;
}

Stereo record_lead_voice(std::size_t frames, double rate_hz) {
  Signal microphone(frames);
  sing(lead_voice_part(), {.seed = 71}, microphone, rate_hz);
  filter(microphone, Biquad::peak(2600.0, 0.8, 2.0, rate_hz));
  filter(microphone, Biquad::high_shelf(9000.0, 3.0, rate_hz));
  compress(microphone, {.threshold_db = -27.0, .ratio = 3.0, .attack_s = 0.01, .release_s = 0.18}, rate_hz);
  Stereo out = placed(std::move(microphone), 0.0);
  add_echo(out, to_seconds(0.5), 0.2, 0.07, rate_hz);
  add_reverb(out,
             {.seconds = 1.7, .size = 0.9, .damping_hz = 5200.0, .predelay_s = 0.03, .highpass_hz = 300.0},
             0.07, rate_hz);
  return out;
}

/// Two singers on each of the three lines, spread over the picture.
Stereo record_backing_voices(std::size_t frames, double rate_hz) {
  struct Seat {
    Harmony harmony;
    double position;
    Singer singer;
  };
  const std::array seats = std::to_array<Seat>({
      {Harmony::above,
       -0.75,
       {.seed = 81, .tract = 1.12, .vibrato_hz = 5.7, .detune_cents = -6.0, .late_s = 0.012}},
      {Harmony::above,
       0.7,
       {.seed = 82, .tract = 1.15, .vibrato_hz = 5.2, .detune_cents = 5.0, .late_s = 0.021}},
      {Harmony::below,
       -0.35,
       {.seed = 83, .tract = 0.98, .vibrato_hz = 5.0, .detune_cents = 4.0, .late_s = 0.008}},
      {Harmony::below,
       0.4,
       {.seed = 84, .tract = 1.02, .vibrato_hz = 5.5, .detune_cents = -4.0, .late_s = 0.026}},
      {Harmony::held,
       -0.95,
       {.seed = 85, .tract = 1.05, .vibrato_hz = 4.8, .detune_cents = 7.0, .late_s = 0.015}},
      {Harmony::held,
       0.95,
       {.seed = 86, .tract = 1.08, .vibrato_hz = 5.9, .detune_cents = -7.0, .late_s = 0.004}},
  });
  Stereo out = Stereo::silence(frames);
  Signal voice(frames);
  for (const Seat& seat : seats) {
    Singer singer = seat.singer;
    singer.breathiness = 0.09;
    singer.breathes_audibly = false;
    sing(backing_voice_part(seat.harmony), singer, voice, rate_hz);
    compress(voice, {.threshold_db = -20.0, .ratio = 3.0, .attack_s = 0.01, .release_s = 0.15}, rate_hz);
    add(out, 0, voice, 0.6, seat.position);
  }
  const Biquad bottom = Biquad::highpass(180.0, 0.7, rate_hz);
  filter(out.left, bottom);
  filter(out.right, bottom);
  add_reverb(out,
             {.seconds = 2.0, .size = 1.1, .damping_hz = 5000.0, .predelay_s = 0.025, .highpass_hz = 300.0},
             0.13, rate_hz);
  return out;
}

Stereo record_pad(std::size_t frames, double rate_hz) {
  Stereo out = play_pad(pad_part(), frames, rate_hz);
  chorus(out, 0.35, 3.0, 0.6, rate_hz);
  add_reverb(out, {.seconds = 2.6, .size = 1.3, .damping_hz = 4500.0}, 0.2, rate_hz);
  return out;
}

Stereo record_keys(std::size_t frames, double rate_hz) {
  Stereo out = play_keys(keys_part(), frames, rate_hz);
  chorus(out, 0.6, 1.2, 0.25, rate_hz);
  add_reverb(out, {.seconds = 1.1, .size = 0.8, .predelay_s = 0.012}, 0.06, rate_hz);
  return out;
}

Stereo record_riser(std::size_t frames, double rate_hz) {
  Stereo out = play_riser(riser_part(), frames, rate_hz);
  add_reverb(out, {.seconds = 2.4, .size = 1.3, .damping_hz = 7000.0}, 0.15, rate_hz);
  return out;
}

}  // namespace

Studio::Studio()
    : kit_(play_kit(drum_part(), to_frames(song_seconds, studio_rate_hz), studio_rate_hz)),
      guitar_cabinet_(play_rhythm_guitar(rhythm_guitar_part(), to_frames(song_seconds, studio_rate_hz),
                                         studio_rate_hz)) {}

Stereo Studio::record(Source source, double rate_hz) const {
  const std::size_t frames = to_frames(song_seconds, rate_hz);
  Stereo out = Stereo::silence(0);
  switch (source) {
    case Source::kick:
      out = record_kick(kit_, rate_hz);
      break;
    case Source::snare_top:
      out = record_snare(kit_, rate_hz);
      break;
    case Source::snare_bottom:
      out = Stereo::silence(frames);
      break;  // The microphone nobody plugged in.
    case Source::hats:
      out = record_hats(kit_, rate_hz);
      break;
    case Source::overheads:
      out = record_overheads(kit_, rate_hz);
      break;
    case Source::bass:
      out = doubled(play_bass(bass_part(), frames, rate_hz));
      break;
    case Source::guitar_57:
      out = record_guitar_57(guitar_cabinet_, rate_hz);
      break;
    case Source::guitar_87:
      out = record_guitar_87(guitar_cabinet_, rate_hz);
      break;
    case Source::picked_guitar:
      out = record_picked_guitar(frames, rate_hz);
      break;
    case Source::keys:
      out = record_keys(frames, rate_hz);
      break;
    case Source::pad:
      out = record_pad(frames, rate_hz);
      break;
    case Source::lead_voice:
      out = record_lead_voice(frames, rate_hz);
      break;
    case Source::backing_voices:
      out = record_backing_voices(frames, rate_hz);
      break;
    case Source::riser:
      out = record_riser(frames, rate_hz);
      break;
  }
  assert(out.left.size() == frames && out.right.size() == frames);
  // The last chord has died away before the tape ends.
  fade_out(out.left, 0.7, rate_hz);
  fade_out(out.right, 0.7, rate_hz);
  return out;
}

}  // namespace gainstage::demo
