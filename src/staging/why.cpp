// SPDX-License-Identifier: MIT
#include "staging/why.h"

#include <cctype>

#include "staging/text.h"

namespace gainstage {
namespace {

constexpr Db least_told{0.05};  // What would read 0.0 dB is not told.

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string_view sureness(double confidence) {
  if (confidence >= 0.9) return "sure";
  if (confidence >= 0.7) return "fairly sure";
  if (confidence >= 0.5) return "likely";
  return "unsure";
}

std::string_view origin(RoleSource source) {
  switch (source) {
    case RoleSource::name:
      return "role from the name";
    case RoleSource::audio:
      return "role from the sound";
    case RoleSource::user:
      return "role as you said";
  }
  return "";
}

std::string_view detector_words(SoundingDetector detector) {
  switch (detector) {
    case SoundingDetector::integrated:
      return "LUFS while it sounds";
    case SoundingDetector::short_term:
      return "LUFS at its loudest 3 s (it sounds too briefly for more)";
    case SoundingDetector::momentary:
      return "LUFS at its loudest 0.4 s (it sounds too briefly for more)";
    case SoundingDetector::rms:
      return "dB RMS (it is too short for a loudness)";
  }
  return "";
}

}  // namespace

std::string why_wanted(const TrackPlan& track, const WantedLevel& wanted, Db raised_to_be_heard,
                       Db lowered_for_others, const StagingOptions& options) {
  if (track.is_silent) return "Silent: nothing to stage.";
  std::string sentence =
      capitalised(std::string(info(track.role.role).name)) + ": " +
      tenth(track.loudness_while_sounding.value) + " " + std::string(detector_words(*track.detector)) +
      (track.target_lu ? ", wants " + tenth(-*track.target_lu) + " LU under the mix"
                       : ", set against the other tracks, as the mix has no loudness") +
      " (" + std::string(to_string(options.style)) + "; " + std::string(origin(track.role.source)) + ", " +
      std::string(sureness(track.role.confidence)) + ")";
  if (wanted.trust < 0.3) sentence += "; mixes differ in this, so it is set to stand out as the others do";
  if (wanted.company >= 1.5)
    sentence += "; it shares its place with " + tenth(wanted.company - 1.0) + " others on average";
  if (wanted.shared_sound > Db{0.5}) {
    sentence +=
        "; " + tenth(wanted.shared_sound.value) + " dB less, because other tracks carry its sound too";
  }
  if (track.is_focus) sentence += "; 3 dB more as your focus";
  if (!track.group.empty()) sentence += "; moves with group '" + track.group + "'";
  if (raised_to_be_heard >= least_told)
    sentence += "; " + signed_db(raised_to_be_heard) + " because the others cover it";
  if (lowered_for_others >= least_told)
    sentence += "; " + signed_db(-lowered_for_others) + " to uncover others";
  if (options.keep_levels_percent > 0.0)
    sentence += "; your own level counts " + tenth(options.keep_levels_percent) + " %";
  return sentence;
}

std::string why_moved(const TrackPlan& track, const std::string& bound) {
  if (track.is_silent) return track.why;
  return track.why + "; " + signed_db(track.gain()) + (bound.empty() ? "" : ", " + bound) + ".";
}

std::string why_lowered(const TrackPlan& track, Db cut) {
  if (track.is_silent) return track.why;
  std::string sentence = track.why;
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence + "; " + tenth(cut.value) +
         " dB less with all faders to keep headroom: " + signed_db(track.gain()) + ".";
}

std::string fallback_sentence(const TrackPlan& track) {
  return track.name + " sounds for only " + tenth(track.sounding_s) + " s; its level is taken as " +
         tenth(track.loudness_while_sounding.value) + " " + std::string(detector_words(*track.detector)) +
         ".";
}

}  // namespace gainstage
