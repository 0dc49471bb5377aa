// SPDX-License-Identifier: MIT
// The method's walk in an engineer's words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "plan_placing.h"
#include "staging/text.h"

namespace gainstage::desk {
namespace {

struct BandWords {
  Band band;
  WalkStep step;
  const char* name;
};

constexpr std::array<BandWords, 4> bands{{{Band::low, WalkStep::low, "Low end"},
                                          {Band::mid, WalkStep::mid, "Mids"},
                                          {Band::high, WalkStep::high, "Highs"},
                                          {Band::effects, WalkStep::effects, "Effects"}}};

WalkReading reading_of(const StepReading& reading) {
  return {reading.sample_peak.value, reading.true_peak.value, reading.integrated.value,
          reading.short_term_max.value};
}

/// "Kick, Bass and 2 more".
std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  std::string list;
  const std::size_t shown = names.size() > most ? most - 1 : names.size();
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) list += i + 1 == names.size() ? " and " : ", ";
    list += names[i];
  }
  if (names.size() > shown) list += fmt::format(" and {} more", names.size() - shown);
  return list;
}

std::string loudness_words(const StepReading& reading) {
  return std::isfinite(reading.integrated.value) ? tenth(reading.integrated.value) + " LUFS" : "no loudness yet";
}

class Walk {
 public:
  Walk(const OpenedSession& opened, const GainPlan& plan, const DeliveryTarget& target)
      : opened_(opened), plan_(plan), target_(target) {}

  std::vector<WalkStage> done() {
    stages_.push_back({WalkStep::down, "Faders down", {},
                       "All faders are down. What is brought up first sets the measure for everything after it.",
                       {}});
    for (const BandWords& band : bands) add(band);
    add_audibility();
    add_raise();
    return std::move(stages_);
  }

 private:
  /// Tracks of a band and the reading behind its last group.
  void add(const BandWords& band) {
    WalkStage stage{band.step, band.name, {}, {}, {}};
    std::vector<std::string> names;
    const StepReading* reading = nullptr;
    for (std::size_t k = 0; k < plan_.steps.size(); ++k) {
      if (plan_.steps[k].band != band.band) continue;
      for (const std::size_t track : plan_.steps[k].tracks) {
        const auto strip = opened_.table.strip_of_track(track);
        if (!strip) continue;
        stage.strips.push_back(*strip);
        names.push_back(
            fmt::format("{} ({})", opened_.table.strips[*strip].name, signed_db(plan_.tracks[track].gain())));
      }
      if (k < plan_.readings.size()) reading = &plan_.readings[k];
    }
    if (stage.strips.empty()) return;
    std::ranges::sort(stage.strips);
    const bool is_first = last_ == nullptr;
    stage.why = names.size() == 1 ? list_of(names) + " comes in" : list_of(names) + " come in";
    stage.why += is_first ? first_words(band.band) : next_words(band.band);
    if (reading) {
      stage.master = reading_of(*reading);
      if (is_first) {
        stage.why += fmt::format(" The master reads {} dBFS peak, {}.", tenth(reading->sample_peak.value),
                                 loudness_words(*reading));
      } else {
        stage.why += fmt::format(" The master goes from {} to {} dBFS peak, and reads {}.",
                                 tenth(last_->sample_peak.value), tenth(reading->sample_peak.value),
                                 loudness_words(*reading));
      }
      last_ = reading;
    }
    stages_.push_back(std::move(stage));
  }

  std::string first_words(Band band) const {
    const std::string anchor =
        std::isfinite(plan_.anchor_reading.value) ? tenth(plan_.anchor_reading.value) : "the anchor";
    if (band == Band::low)
      return " first: lows need the most level to be heard, so they are set to stand at " + anchor +
             " on the master, and all others are set against them.";
    return " first, as no track is low: set to stand at " + anchor + " on the master.";
  }

  static std::string next_words(Band band) {
    switch (band) {
      case Band::mid:
        return ", each at its level relative to what stands there already.";
      case Band::high:
        return ": highs cut through with little level, so they need the least.";
      case Band::effects:
        return " last, under what they belong to.";
      case Band::low:
        break;
    }
    return ".";
  }

  void add_audibility() {
    WalkStage stage{WalkStep::audibility, "Audibility", {}, {}, {}};
    const TrackPlan* least = nullptr;
    for (const TrackPlan& track : plan_.tracks) {
      if (track.is_silent || !track.audibility) continue;
      if (!least || *track.audibility < *least->audibility) least = &track;
    }
    if (!least) return;
    const auto at = static_cast<std::size_t>(least - plan_.tracks.data());
    const auto strip = opened_.table.strip_of_track(at);
    const std::string name = strip ? opened_.table.strips[*strip].name : least->name;
    constexpr double audible_share = 0.10;  // As balance() asks for.
    stage.why = fmt::format("Every track is held against all others: {} is heard least, with {:.0f} % of its "
                            "sound over the rest",
                            name, 100.0 * *least->audibility);
    stage.why += *least->audibility < audible_share
                     ? "; that is buried, and more level alone won't help: listen whether it is wanted."
                     : ". Nothing is buried; what was covered has been raised by up to 3 dB, and what covered "
                       "it lowered by up to 2 dB.";
    if (last_) stage.master = reading_of(*last_);
    stages_.push_back(std::move(stage));
  }

  void add_raise() {
    WalkStage stage{WalkStep::raise, "Raise", {}, {}, {}};
    const MasterPrediction& master = plan_.predicted;
    stage.why = fmt::format("All faders together by {}, the balance stays: {} LUFS with a true peak of {} dBTP",
                            signed_db(plan_.raise), tenth(master.integrated.value),
                            tenth(master.true_peak.value));
    if (plan_.outcome.is_reached) {
      stage.why += fmt::format(", under the ceiling of {}.", tenth(target_.ceiling.value));
    } else {
      stage.why += fmt::format(". The ceiling of {} dBTP ends the raise {} LU under {} LUFS",
                               tenth(target_.ceiling.value), tenth(plan_.outcome.shortfall.value),
                               tenth(target_.integrated.value));
      std::vector<std::string> names = plan_.outcome.peaks_from;
      stage.why += names.empty() ? "." : "; the highest peaks come from " + list_of(names) + ".";
    }
    stage.master = WalkReading{master.sample_peak.value, master.true_peak.value, master.integrated.value,
                               master.short_term_max.value};
    stages_.push_back(std::move(stage));
  }

  const OpenedSession& opened_;
  const GainPlan& plan_;
  const DeliveryTarget& target_;
  const StepReading* last_ = nullptr;
  std::vector<WalkStage> stages_;
};

}  // namespace

std::vector<WalkStage> walk_of(const OpenedSession& opened, const GainPlan& plan,
                               const DeliveryTarget& target) {
  return Walk(opened, plan, target).done();
}

}  // namespace gainstage::desk
