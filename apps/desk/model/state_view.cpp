// SPDX-License-Identifier: MIT
#include "state_view.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gainstage::desk {
namespace {

Json level(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json to_json(const std::optional<JobView>& job) {
  if (!job) return nullptr;
  return {{"what", job->what}, {"share", job->share}};
}

Json target_json(const Target& target) {
  Json json{
      {"id", target.id}, {"name", target.title}, {"integrated_lufs", nullptr}, {"ceiling_dbtp", nullptr}};
  if (target.aim) {
    json["integrated_lufs"] = target.aim->integrated.value;
    json["ceiling_dbtp"] = target.aim->ceiling.value;
  }
  if (target.kind == "numbers") json["id"] = nullptr;
  return json;
}

std::string_view to_string(RoleSource source) {
  switch (source) {
    case RoleSource::name:
      return "name";
    case RoleSource::user:
      return "user";
    case RoleSource::audio:
      break;
  }
  return "audio";
}

Json role_json(const StripValues& strip, const TrackPlan* track) {
  if (strip.role) {
    const RoleInfo& role = info(*strip.role);
    const Band band = role.band.value_or(track ? track->role.band : Band::mid);
    return {{"name", role.name},
            {"family", gainstage::to_string(role.family)},
            {"band", gainstage::to_string(band)},
            {"confidence", 1.0},
            {"source", "user"}};
  }
  if (!track) return nullptr;
  const RoleInfo& role = info(track->role.role);
  return {{"name", role.name},
          {"family", gainstage::to_string(role.family)},
          {"band", gainstage::to_string(track->role.band)},
          {"confidence", track->role.confidence},
          {"source", to_string(track->role.source)}};
}

class View {
 public:
  explicit View(const StateParts& parts)
      : parts_(parts), table_(parts.opened ? &parts.opened->table : nullptr) {}

  Json done() const {
    return {{"phase", parts_.phase},
            {"progress", to_json(parts_.progress)},
            {"failure", parts_.failure ? Json(*parts_.failure) : Json()},
            {"target", target_json(parts_.target)},
            {"transport", parts_.transport},
            {"monitor", table_ ? monitor_json(parts_.listening, *table_) : Json()},
            {"strips", strips()},
            {"prediction", prediction()},
            {"method", method()},
            {"strength_percent", strength()},
            {"snapshots", snapshots()},
            {"snapshot", snapshot()},
            {"undo", name(parts_.history.undo_name())},
            {"redo", name(parts_.history.redo_name())},
            {"compare", desk::to_json(parts_.listening.compare)},
            {"save", save()},
            {"job", to_json(parts_.job)},
            {"notes", notes()}};
  }

 private:
  static Json name(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

  Json strips() const {
    Json json = Json::object();
    if (!table_) return json;
    const std::vector<bool> has_entered =
        entered(*table_, parts_.plan ? &parts_.plan->placed : nullptr, parts_.values.common);
    for (std::size_t i = 0; i < table_->strips.size(); ++i)
      json[table_->strips[i].id] = strip(i, has_entered[i]);
    return json;
  }

  Json strip(std::size_t i, bool has_entered) const {
    const DeskStrip& own = table_->strips[i];
    const StripValues& values = parts_.values.strips[i];
    const TrackPlan* const track = parts_.plan && own.track ? &parts_.plan->plan.tracks[*own.track] : nullptr;
    Json json{{"trim_db", own.trim ? level(values.at.trim_db) : Json()},
              {"fader_db", own.fader ? level(values.at.fader_db) : Json()},
              {"mute", parts_.listening.is_muted[i] || is_held_muted(own, values)},
              {"solo", static_cast<bool>(parts_.listening.is_soloed[i])},
              {"entered", has_entered},
              {"role", own.track ? role_json(values, track) : Json()},
              {"lock", values.is_locked},
              {"focus", parts_.values.common.focus == i},
              {"range", nullptr},
              {"group", values.group.empty() ? Json() : Json(values.group)},
              {"plan_db", nullptr},
              {"moved_db", level(moved_db(own, values.at))},
              {"clip", nullptr},
              {"levels", nullptr}};
    if (values.range) json["range"] = {{"low_db", values.range->first}, {"high_db", values.range->second}};
    if (parts_.plan) json["plan_db"] = level(moved_db(own, parts_.plan->placed.raised[i]));
    if (i < parts_.clips.size() && parts_.clips[i]) json["clip"] = desk::to_json(*parts_.clips[i]);
    if (i < parts_.heard.size())
      json["levels"] = levels_json(parts_.heard[i], parts_.ratios[i], parts_.is_input_moved[i]);
    return json;
  }

  Json prediction() const {
    if (!parts_.predictor) return nullptr;
    return prediction_json(parts_.predictor->prediction(), parts_.target, parts_.predictor->duration_s(),
                           parts_.opened->playable.channels, parts_.is_measuring_peak);
  }

  Json ids_of(const std::vector<std::size_t>& strips, bool only_changed) const {
    Json ids = Json::array();
    for (const std::size_t strip : strips) {
      if (!only_changed || parts_.values.strips[strip].is_by_hand) ids.push_back(table_->strips[strip].id);
    }
    return ids;
  }

  Json method() const {
    const Common& common = parts_.values.common;
    Json steps = Json::array();
    if (parts_.plan) {
      for (const WalkStage& stage : parts_.plan->placed.steps) {
        Json master;
        if (stage.master) {
          master = {{"sample_peak_dbfs", level(stage.master->sample_peak_dbfs)},
                    {"true_peak_dbtp", level(stage.master->true_peak_dbtp)},
                    {"integrated_lufs", level(stage.master->integrated_lufs)},
                    {"short_term_max_lufs", level(stage.master->short_term_max_lufs)}};
        }
        steps.push_back({{"id", desk::to_string(stage.step)},
                         {"name", stage.name},
                         {"tracks", ids_of(stage.strips, false)},
                         {"why", stage.why},
                         {"master", std::move(master)},
                         {"changed", ids_of(stage.strips, true)}});
      }
    }
    return {{"at", common.step ? Json(desk::to_string(*common.step)) : Json()},
            {"respect", desk::to_string(common.respect)},
            {"steps", std::move(steps)}};
  }

  Json strength() const {
    const Common& common = parts_.values.common;
    if (common.step && *common.step != WalkStep::raise) return nullptr;
    if (std::ranges::any_of(parts_.values.strips, &StripValues::is_by_hand)) return nullptr;
    return common.strength_percent;
  }

  Json snapshots() const {
    Json json = Json::object();
    for (std::size_t slot = 0; slot < parts_.snapshots.size(); ++slot) {
      const auto& snapshot = parts_.snapshots[slot];
      json[std::string(1, "ABCD"[slot])] = snapshot ? Json(snapshot->time) : Json();
    }
    return json;
  }

  /// The one that the desk stands at.
  Json snapshot() const {
    for (std::size_t slot = 0; slot < parts_.snapshots.size(); ++slot) {
      const auto& snapshot = parts_.snapshots[slot];
      if (snapshot && snapshot->values == parts_.values) return std::string(1, "ABCD"[slot]);
    }
    return nullptr;
  }

  Json save() const {
    return {{"dirty", parts_.is_dirty}, {"saved", parts_.saved}, {"suggested", parts_.suggested}};
  }

  Json notes() const {
    Json json = Json::array();
    std::map<std::string, std::string> ids;
    if (table_) {
      for (const DeskStrip& strip : table_->strips) {
        ids.try_emplace(strip.name, strip.id);
        if (strip.track) ids.try_emplace(parts_.opened->session().tracks[*strip.track].name, strip.id);
      }
    }
    for (const Warning& note : parts_.notes) {
      const auto id = ids.find(note.track);
      json.push_back({{"code", note.code},
                      {"strip", id == ids.end() ? Json() : Json(id->second)},
                      {"sentence", note.sentence},
                      {"at_s", note.seconds ? Json(*note.seconds) : Json()}});
    }
    return json;
  }

  const StateParts& parts_;
  const StageTable* table_;
};

}  // namespace

Json state_json(const StateParts& parts) { return View(parts).done(); }

}  // namespace gainstage::desk
