// SPDX-License-Identifier: MIT
#include "state_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace gainstage::desk {
namespace {

constexpr std::string_view schema = "gainstage.desk-state/1";
constexpr const char* slots = "ABCD";
constexpr std::size_t longest_name = 300;

tl::unexpected<Error> wrong(std::string_view what) {
  return failure(ErrorCode::bad_input, fmt::format("{} of the desk's state can't be understood.", what));
}

Json to_json(const DeskValues& values) {
  Json strips = Json::array();
  for (const StripValues& strip : values.strips) strips.push_back(desk::to_json(strip));
  return {{"strips", std::move(strips)}, {"common", desk::to_json(values.common)}};
}

Json to_json(const std::vector<History::Entry>& entries) {
  Json list = Json::array();
  const std::size_t first = entries.size() > most_kept_changes ? entries.size() - most_kept_changes : 0;
  for (std::size_t e = first; e < entries.size(); ++e) {
    const History::Entry& entry = entries[e];
    Json strips = Json::array();
    for (const ValuesChange::OfStrip& strip : entry.change.strips) {
      strips.push_back({{"strip", strip.strip},
                        {"before", desk::to_json(strip.before)},
                        {"after", desk::to_json(strip.after)}});
    }
    Json json{{"name", entry.name}, {"strips", std::move(strips)}};
    if (entry.change.common) {
      json["common"] = {desk::to_json(entry.change.common->first),
                        desk::to_json(entry.change.common->second)};
    }
    list.push_back(std::move(json));
  }
  return list;
}

const Json& field(const Json& json, const char* name) {
  static const Json none;
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

std::optional<std::string> text_of(const Json& json, std::size_t longest) {
  if (!json.is_string()) return std::nullopt;
  std::string text = json.get<std::string>();
  return text.size() > longest ? std::nullopt : std::optional(std::move(text));
}

/// Reads what was written for the strips of one table into those of another.
class Taking {
 public:
  Taking(const StageTable& table, const SessionMark& mark) : table_(table), mark_(mark) {}

  Result<TakenUp> done(const Json& json) {
    if (!json.is_object() || field(json, "schema") != schema)
      return failure(ErrorCode::bad_input,
                     fmt::format("The file is no state of a desk that this version knows ({}).", schema));
    if (field(json, "kind") != mark_.kind || field(json, "file") != mark_.file)
      return failure(ErrorCode::bad_input, "The file is the state of another session's desk.");
    is_same_ = field(json, "fingerprint") == mark_.fingerprint;
    if (auto strips = read_strips(field(json, "strips")); !strips) return tl::unexpected(strips.error());
    auto values = read_values(field(json, "values"));
    if (!values) return tl::unexpected(values.error());
    taken_.state.values = *std::move(values);
    if (auto read = read_snapshots(field(json, "snapshots")); !read) return tl::unexpected(read.error());
    if (auto read = read_outputs(field(json, "outputs")); !read) return tl::unexpected(read.error());
    if (is_same_) {
      for (const auto& [name, entries] :
           {std::pair("past", &taken_.state.past), {"future", &taken_.state.future}}) {
        auto read = read_entries(field(json, name));
        if (!read) return tl::unexpected(read.error());
        *entries = *std::move(read);
      }
    } else {
      note_what_changed();
    }
    return std::move(taken_);
  }

 private:
  /// By its place in the file: the strip of the table, and where its stages stood of themselves.
  struct Source {
    std::optional<std::size_t> strip;
    Position own;
  };

  Result<void> read_strips(const Json& json) {
    if (!json.is_array()) return wrong("The list of strips");
    std::map<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < table_.strips.size(); ++i) by_key.try_emplace(table_.strips[i].key, i);
    std::vector<bool> is_taken(table_.strips.size());
    for (const Json& strip : json) {
      if (!strip.is_object()) return wrong("A strip");
      const auto key = text_of(field(strip, "key"), 4096);
      // The place of a strip is written as that of its values, and read so.
      auto own = strip_values_of(strip);
      if (!key || !own) return wrong("A strip");
      Source source{std::nullopt, own->at};
      const auto found = by_key.find(*key);
      if (found != by_key.end() && !is_taken[found->second]) {
        source.strip = found->second;
        is_taken[found->second] = true;
      }
      sources_.push_back(source);
    }
    const bool is_whole =
        sources_.size() == table_.strips.size() && std::ranges::find(is_taken, false) == is_taken.end();
    for (std::size_t i = 0; is_whole && i < sources_.size(); ++i)
      is_same_ = is_same_ && sources_[i].strip == i;
    is_same_ = is_same_ && is_whole;
    missing_ = static_cast<std::size_t>(
        std::ranges::count_if(sources_, [](const Source& source) { return !source.strip; }));
    return {};
  }

  /// A strip's values where its stages are now.
  StripValues fitted(StripValues values, const Source& source) const {
    const DeskStrip& strip = table_.strips[*source.strip];
    const Position own = own_position(strip);
    for (const Stage stage : {Stage::trim, Stage::fader}) {
      const auto& info = strip.stage(stage);
      double& at = values.at.of(stage);
      const bool is_untouched = is_same_place(at, source.own.of(stage));
      if (!info || !info->can_move() || is_untouched) {
        at = own.of(stage);
      } else {
        at = std::min(at, info->greatest_db);
      }
    }
    values.is_raised =
        strip.has_down() && (values.is_raised || (values.is_by_hand && !is_held_down(strip, values.at)));
    if (!strip.track) values.role.reset(), values.range.reset(), values.group.clear();
    return values;
  }

  Result<DeskValues> read_values(const Json& json) const {
    const Json& strips = field(json, "strips");
    if (!strips.is_array() || strips.size() != sources_.size()) return wrong("A list of gains");
    DeskValues values = initial_values(table_, "");
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      auto strip = strip_values_of(strips[i]);
      if (!strip) return tl::unexpected(strip.error());
      if (sources_[i].strip) values.strips[*sources_[i].strip] = fitted(*std::move(strip), sources_[i]);
    }
    auto common = common_of(field(json, "common"), sources_.size());
    if (!common) return tl::unexpected(common.error());
    values.common = fitted(*std::move(common));
    return values;
  }

  Common fitted(Common common) const {
    if (common.focus) common.focus = sources_[*common.focus].strip;
    if (common.focus && !table_.strips[*common.focus].track) common.focus.reset();
    return common;
  }

  Result<void> read_snapshots(const Json& json) {
    if (json.is_null()) return {};
    if (!json.is_object()) return wrong("The list of snapshots");
    for (std::size_t slot = 0; slot < taken_.state.snapshots.size(); ++slot) {
      const Json& snapshot = field(json, std::string(1, slots[slot]).c_str());
      if (snapshot.is_null()) continue;
      if (!snapshot.is_object()) return wrong("A snapshot");
      auto values = read_values(field(snapshot, "values"));
      const auto time = text_of(field(snapshot, "time"), 40);
      if (!values || !time) return wrong("A snapshot");
      taken_.state.snapshots[slot] = Snapshot{*std::move(values), *time};
    }
    return {};
  }

  Result<void> read_outputs(const Json& json) {
    if (json.is_null()) return {};
    if (!json.is_array()) return wrong("The list of what was saved");
    for (const Json& entry : json) {
      const auto name = text_of(entry, longest_name);
      if (!name || name->empty() || name->find('/') != std::string::npos)
        return wrong("A name of what was saved");
      taken_.state.outputs.push_back(*name);
    }
    return {};
  }

  Result<std::vector<History::Entry>> read_entries(const Json& json) const {
    std::vector<History::Entry> entries;
    if (json.is_null()) return entries;
    if (!json.is_array()) return wrong("The list of changes");
    for (const Json& entry : json) {
      if (!entry.is_object()) return wrong("A change");
      History::Entry read;
      const auto name = text_of(field(entry, "name"), 4096);
      const Json& strips = field(entry, "strips");
      if (!name || !strips.is_array()) return wrong("A change");
      read.name = *name;
      for (const Json& strip : strips) {
        if (!strip.is_object()) return wrong("A change");
        const Json& at = field(strip, "strip");
        if (!at.is_number_unsigned() || at.get<std::uint64_t>() >= sources_.size()) return wrong("A change");
        const auto index = at.get<std::size_t>();
        auto before = strip_values_of(field(strip, "before"));
        auto after = strip_values_of(field(strip, "after"));
        if (!before || !after) return wrong("A change");
        read.change.strips.push_back(
            {index, fitted(*std::move(before), sources_[index]), fitted(*std::move(after), sources_[index])});
      }
      if (const Json& common = field(entry, "common"); !common.is_null()) {
        if (!common.is_array() || common.size() != 2) return wrong("A change");
        auto before = common_of(common[0], sources_.size());
        auto after = common_of(common[1], sources_.size());
        if (!before || !after) return wrong("A change");
        read.change.common.emplace(fitted(*std::move(before)), fitted(*std::move(after)));
      }
      entries.push_back(std::move(read));
    }
    return entries;
  }

  void note_what_changed() {
    std::string sentence = "The session was changed since it was last on the desk: what still fits is kept";
    if (missing_ > 0) sentence += fmt::format(", {} of {} strips are gone", missing_, sources_.size());
    taken_.notes.push_back(sentence + ", and undo begins anew.");
  }

  const StageTable& table_;
  const SessionMark& mark_;
  bool is_same_ = false;
  std::size_t missing_ = 0;
  std::vector<Source> sources_;
  TakenUp taken_;
};

}  // namespace

std::string state_path(const std::string& folder, const std::string& file) {
  return (std::filesystem::path(folder) / ("." + file + ".gainstage-desk")).string();
}

std::string state_text(const KeptState& state, const StageTable& table, const SessionMark& mark) {
  Json strips = Json::array();
  for (const DeskStrip& strip : table.strips) {
    StripValues own;
    own.at = own_position(strip);
    Json json = desk::to_json(own);
    json["key"] = strip.key;
    strips.push_back(std::move(json));
  }
  Json snapshots = Json::object();
  for (std::size_t slot = 0; slot < state.snapshots.size(); ++slot) {
    const auto& snapshot = state.snapshots[slot];
    if (!snapshot) continue;
    snapshots[std::string(1, slots[slot])] = {{"values", to_json(snapshot->values)},
                                              {"time", snapshot->time}};
  }
  const Json json{{"schema", schema},
                  {"kind", mark.kind},
                  {"file", mark.file},
                  {"fingerprint", mark.fingerprint},
                  {"strips", std::move(strips)},
                  {"values", to_json(state.values)},
                  {"past", to_json(state.past)},
                  {"future", to_json(state.future)},
                  {"snapshots", std::move(snapshots)},
                  {"outputs", state.outputs}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<TakenUp> state_of_text(const std::string& text, const StageTable& table, const SessionMark& mark) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return failure(ErrorCode::bad_input, "The file is damaged: it is no JSON.");
  return Taking(table, mark).done(json);
}

}  // namespace gainstage::desk
