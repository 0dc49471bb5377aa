// SPDX-License-Identifier: MIT
// What a page may ask to be written, and under which names.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "saving.h"

namespace gainstage::desk {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> names{"session", "mix", "stems", "report"};

tl::unexpected<Error> wrong(std::string sentence) { return failure(ErrorCode::usage, std::move(sentence)); }

std::string stem_of(const OpenedSession& opened) {
  return opened.is_stems() ? opened.file : fs::path(opened.file).stem().string();
}

bool ends_in(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && name.ends_with(ending);
}

Result<void> check_ending(Saved what, const std::string& name, const OpenedSession& opened) {
  switch (what) {
    case Saved::session: {
      const auto format = format_of_name(name);
      if (opened.is_stems() && !format)
        return wrong(fmt::format("{} is no name of a session; let it end in .ardour, .rpp or .dawproject.",
                                 shown(Json(name))));
      if (opened.daw && format != opened.daw->document.format())
        return wrong(fmt::format("{} is not the name of a session of the kind this one is; let it end in {}.",
                                 shown(Json(name)), ending_of(opened.daw->document.format())));
      return {};
    }
    case Saved::mix:
      if (ends_in(name, ".wav") || ends_in(name, ".flac")) return {};
      return wrong(fmt::format("{} is no name of a mix; let it end in .wav or .flac.", shown(Json(name))));
    case Saved::report:
      if (ends_in(name, ".html") || ends_in(name, ".json")) return {};
      return wrong(fmt::format("{} is no name of a report; let it end in .html or .json.", shown(Json(name))));
    case Saved::stems:
      break;
  }
  return {};
}

/// Files that the session is made of, with links followed.
std::set<fs::path> sources_of(const OpenedSession& opened) {
  std::set<fs::path> sources;
  std::error_code ignored;
  const auto add = [&](const std::string& path) {
    if (!path.empty()) sources.insert(fs::weakly_canonical(path, ignored));
  };
  add(opened.path);
  for (const Track& track : opened.session().tracks) add(track.source_path);
  if (opened.daw) {
    for (const SessionSource& source : opened.daw->session.flow->sources) add(source.found_path.value_or(""));
  }
  return sources;
}

/// Whether the path is a file of the session, or a folder that holds one.
bool holds_source(const fs::path& path, const std::set<fs::path>& sources) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path, ignored);
  return std::ranges::any_of(sources, [&](const fs::path& source) {
    const auto [end, rest] = std::ranges::mismatch(real, source);
    return end == real.end();
  });
}

Result<void> check_name(Saved what, const std::string& name, const OpenedSession& opened) {
  const bool is_plain = name.find_first_of("/\\:") == std::string::npos && name.front() != '.' &&
                        name.front() != ' ' && name.back() != ' ' && name.back() != '.';
  if (!is_plain) {
    return wrong(fmt::format("{} is no plain name; what is saved lies in the session's folder, and its name "
                             "has no folder in it and does not begin with a dot.",
                             shown(Json(name))));
  }
  return check_ending(what, name, opened);
}

/// The files a save makes under one name.
std::vector<std::string> files_of(const SaveRequest::Item& item) {
  if (item.what != Saved::report) return {item.name};
  const std::string stem = item.name.substr(0, item.name.rfind('.'));
  return {stem + ".json", stem + ".html"};
}

class Reading {
 public:
  Reading(const Message& message, const OpenedSession& opened, const std::vector<std::string>& outputs)
      : message_(message), opened_(opened), outputs_(outputs) {}

  Result<SaveRequest> done(bool has_plan) {
    const auto force = message_.flag("force", false);
    if (!force) return tl::unexpected(force.error());
    request_.may_replace = *force;
    const Json& json = message_.json();
    const auto what = json.find("what");
    if (what == json.end() || !what->is_array() || what->empty() || what->size() > names.size())
      return wrong("\"what\" must be a list of \"session\", \"mix\", \"stems\" and \"report\", of one at least.");
    const auto given = json.find("names");
    if (given != json.end() && !given->is_null() && !given->is_object())
      return wrong("\"names\" must be an object, as {\"mix\": \"song-mix.wav\"}.");
    for (const Json& entry : *what) {
      if (auto added = add(entry, given == json.end() || given->is_null() ? Json::object() : *given, has_plan);
          !added)
        return tl::unexpected(added.error());
    }
    return std::move(request_);
  }

 private:
  Result<void> add(const Json& entry, const Json& given, bool has_plan) {
    const auto known = std::ranges::find_if(names, [&](std::string_view name) { return entry == name; });
    if (known == names.end()) return wrong(fmt::format("{} can't be saved.", shown(entry)));
    SaveRequest::Item item;
    item.what = static_cast<Saved>(known - names.begin());
    if (std::ranges::find(request_.items, item.what, &SaveRequest::Item::what) != request_.items.end())
      return wrong(fmt::format("{} is asked for twice.", shown(entry)));
    if (item.what == Saved::stems && !opened_.is_stems())
      return wrong("Stems are saved of a folder of stems; of a session save the mix.");
    if (item.what == Saved::report && !has_plan)
      return wrong("The report is of a plan, and there is none yet; wait until it is made.");
    const std::string key(*known);
    const Json suggested = suggested_names(opened_);
    const Json& asked = given.contains(key) ? given : suggested;
    const auto name = Message(asked).text(key.c_str());
    if (!name) return tl::unexpected(name.error());
    item.name = *name;
    if (auto checked = check_name(item.what, item.name, opened_); !checked) return checked;
    for (const std::string& file : files_of(item)) {
      if (auto checked = check_place(file); !checked) return checked;
    }
    request_.items.push_back(std::move(item));
    return {};
  }

  Result<void> check_place(const std::string& file) {
    if (!asked_for_.insert(file).second)
      return wrong(fmt::format("{} is asked for twice; choose different names.", shown(Json(file))));
    const fs::path path = fs::path(opened_.folder) / file;
    if (holds_source(path, sources_of(opened_)))
      return wrong(fmt::format("{} is part of the session, which is never written to; choose another name.",
                               shown(Json(file))));
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(path, ignored);
    if (!fs::exists(status)) return {};
    const bool is_ours = std::ranges::find(outputs_, file) != outputs_.end() && !fs::is_symlink(status);
    if (!is_ours)
      return wrong(fmt::format("{} exists already, and was not written by this desk; choose another name.",
                               shown(Json(file))));
    if (request_.may_replace) return {};
    return wrong(fmt::format("{} exists already; say that it may be replaced, or choose another name.",
                             shown(Json(file))));
  }

  const Message& message_;
  const OpenedSession& opened_;
  const std::vector<std::string>& outputs_;
  std::set<std::string> asked_for_;
  SaveRequest request_;
};

}  // namespace

std::string_view to_string(Saved what) { return names[static_cast<std::size_t>(what)]; }

Json suggested_names(const OpenedSession& opened) {
  const std::string stem = stem_of(opened);
  const std::string_view ending =
      opened.daw ? ending_of(opened.daw->document.format()) : ending_of(SessionFormat::ardour);
  return {{"session", stem + "-staged" + std::string(ending)},
          {"mix", stem + "-mix.wav"},
          {"stems", opened.is_stems() ? Json(stem + "-stems") : Json()},
          {"report", stem + "-staged.report.html"}};
}

Result<SaveRequest> save_request_of(const Message& message, const OpenedSession& opened,
                                    const std::vector<std::string>& outputs, bool has_plan) {
  return Reading(message, opened, outputs).done(has_plan);
}

}  // namespace gainstage::desk
