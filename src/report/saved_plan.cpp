// SPDX-License-Identifier: MIT
#include "report/saved_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gainstage {
namespace {

constexpr double greatest_gain_db = 300.0;  // More than any float sample can hold.

/// The value at a path of names; null where there is none.
const Json& at(const Json& json, std::initializer_list<const char*> path) {
  static const Json nothing;
  const Json* here = &json;
  for (const char* name : path) {
    if (!here->is_object() || !here->contains(name)) return nothing;
    here = &(*here)[name];
  }
  return *here;
}

bool is_one_of(const Json& json, std::initializer_list<const char*> texts) {
  return std::ranges::any_of(texts, [&](const char* text) { return json == text; });
}

}  // namespace

Result<SavedPlan> parse_saved_plan(std::string_view json, const std::string& file) {
  const auto wrong = [&](std::string_view what) {
    return failure(ErrorCode::bad_input,
                   fmt::format("{}: {}; expected a report.json as `gainstage stage` writes it", file, what),
                   {file, "", {}, {}});
  };
  const Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) return wrong("it is not JSON");
  if (at(document, {"schema"}) != report_schema)
    return wrong(fmt::format("its schema is not {}", report_schema));

  SavedPlan plan;
  const Json& version = at(document, {"gainstage", "version"});
  if (version.is_string()) plan.version = version.get<std::string>();
  const Json& rate = at(document, {"session", "sample_rate_hz"});
  const Json& channels = at(document, {"session", "channels"});
  if (!rate.is_number() || !channels.is_number_unsigned()) return wrong("session has no rate or no channels");
  plan.sample_rate_hz = rate.get<double>();
  plan.channels = channels.get<std::size_t>();

  const Json& tracks = at(document, {"tracks"});
  if (!tracks.is_array() || tracks.empty()) return wrong("it has no tracks");
  std::set<std::string> names;
  for (const Json& track : tracks) {
    const Json& name = at(track, {"name"});
    const Json& total = at(track, {"total_db"});
    if (!name.is_string()) return wrong(fmt::format("track number {} has no name", plan.gains.size() + 1));
    const std::string text = name.get<std::string>();
    if (!names.insert(text).second) return wrong(fmt::format("track '{}' is there twice", text));
    if (total.is_null() && at(track, {"silent"}) == true) {
      plan.gains.push_back({text, silent_db});
      continue;
    }
    if (!total.is_number() || !(std::abs(total.get<double>()) <= greatest_gain_db)) {
      return wrong(fmt::format("track '{}' has no total_db within {:g} dB", text, greatest_gain_db));
    }
    plan.gains.push_back({text, {total.get<double>()}});
  }

  const Json& format = at(document, {"render", "format"});
  const Json& bits = at(document, {"render", "bits"});
  const Json& ceiling = at(document, {"render", "limiter_ceiling_dbtp"});
  const Json& non_finite = at(document, {"render", "non_finite"});
  if (!is_one_of(format, {"wav", "flac"}) || !is_one_of(bits, {"16", "24", "32f"}) ||
      !is_one_of(non_finite, {"refuse", "silence"})) {
    return wrong("render does not say format, bits and non_finite");
  }
  if (!ceiling.is_null() && !(ceiling.is_number() && ceiling.get<double>() <= 0.0)) {
    return wrong("render.limiter_ceiling_dbtp is neither null nor a number up to 0");
  }
  plan.render.format = format.get<std::string>();
  plan.render.bits = bits.get<std::string>();
  plan.render.non_finite_as_silence = non_finite == "silence";
  if (ceiling.is_number()) plan.render.limiter_ceiling = Db{ceiling.get<double>()};
  return plan;
}

Result<std::vector<Db>> gains_for(const SavedPlan& plan, const Session& session, const std::string& file) {
  if (plan.sample_rate_hz != session.sample_rate_hz || plan.channels != session.channels) {
    return failure(
        ErrorCode::bad_input,
        fmt::format(
            "{} is of a mix of {:g} Hz and {} channels, but the stems now make one of {:g} Hz and {}; "
            "stage them again",
            file, plan.sample_rate_hz, plan.channels, session.sample_rate_hz, session.channels));
  }
  std::vector<Db> gains;
  for (const Track& track : session.tracks) {
    const auto saved = std::ranges::find(plan.gains, track.name, &SavedGain::name);
    if (saved == plan.gains.end()) {
      return failure(
          ErrorCode::bad_input,
          fmt::format("{} has no track '{}', which is among the stems; take it away or stage them again",
                      file, track.name),
          {file, track.name, {}, {}});
    }
    gains.push_back(saved->total);
  }
  for (const SavedGain& saved : plan.gains) {
    const bool is_there =
        std::ranges::any_of(session.tracks, [&](const Track& track) { return track.name == saved.name; });
    if (!is_there) {
      return failure(ErrorCode::bad_input,
                     fmt::format("track '{}' of {} is not among the stems; bring it back or stage them again",
                                 saved.name, file),
                     {file, saved.name, {}, {}});
    }
  }
  return gains;
}

}  // namespace gainstage
