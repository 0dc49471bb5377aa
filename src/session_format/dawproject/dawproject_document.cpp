// SPDX-License-Identifier: MIT
#include "session_format/dawproject/dawproject_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "session_format/dawproject/clip_reader.h"

namespace gainstage {

using namespace dawproject;

namespace {

constexpr std::uint64_t most_metadata_bytes = 1 << 20;
// Deflate packs at best 1032 : 1, and XML seldom 50 : 1. What is so much emptier than any session is made to
// harm.
constexpr std::uint64_t greatest_xml_ratio = 300;
constexpr std::uint64_t suspicious_xml_bytes = 16 << 20;

std::string title_of(const ZipArchive& archive) {
  const auto member = archive.find("metadata.xml");
  if (!member) return {};
  auto bytes = archive.content(*member, most_metadata_bytes);
  if (!bytes) return {};
  const auto xml = XmlText::read(*std::move(bytes));
  return xml ? xml->root().child_value("Title") : "";
}

void check_version(ProjectReading& reading, SignalFlow& flow) {
  const pugi::xml_node project = reading.root();
  flow.version = project.attribute("version").value();
  if (flow.version == "1.0") return;
  reading.note(
      "newer-version", "",
      fmt::format(
          "The session says that it is of version '{}'; 1.0 is known, and what it shares with that is "
          "read.",
          flow.version));
}

// Rate that most sources have: the format states none for the session.
double rate_of(const SignalFlow& flow) {
  std::map<double, std::size_t> counts;
  for (const SessionSource& source : flow.sources) {
    if (source.sample_rate_hz > 0.0) ++counts[source.sample_rate_hz];
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? 0.0 : most->first;
}

// "./audio\\a.wav" is "audio/a.wav": some applications write paths as their system does.
std::string plain_path(std::string path) {
  std::ranges::replace(path, '\\', '/');
  return path.starts_with("./") ? path.substr(2) : path;
}

// Gives sources within the archive the names of their members.
void find_media(const ZipArchive& archive, SignalFlow& flow, ProjectReading& reading) {
  std::unordered_map<std::string, const std::string*> members;
  for (const ZipMember& member : archive.members()) members.emplace(plain_path(member.name), &member.name);
  for (SessionSource& source : flow.sources) {
    if (!source.is_in_session) continue;
    const auto found = members.find(plain_path(source.path));
    if (found != members.end()) {
      source.path = *found->second;
    } else {
      reading.note("missing-media", "",
                   fmt::format("The session's file does not hold '{}', and maybe others.", source.path));
    }
  }
}

std::string stage_words(const SignalFlow& flow, const StageRef& stage) {
  switch (stage.kind) {
    case StageKind::trim:
      return "DAWproject has no trim";
    case StageKind::clip:
      return "This clip has no gain of its own in the session (or shares it with others)";
    case StageKind::take:
      return "DAWproject has no takes";
    case StageKind::source:
      return "DAWproject has no gain of a source";
    case StageKind::output:
      return "DAWproject has no gain of an output";
    case StageKind::vca:
      return "DAWproject does not say what follows a VCA";
    default:
      break;
  }
  const std::string name = stage.strip < flow.strips.size() ? flow.strips[stage.strip].name : "?";
  return fmt::format("The {} of '{}' is not stated in the session",
                     stage.kind == StageKind::send ? "send" : "fader", name);
}

}  // namespace

Result<DawProjectDocument> DawProjectDocument::read(std::string zip_bytes) {
  auto archive = ZipArchive::read(std::move(zip_bytes));
  if (!archive) return tl::unexpected(archive.error());
  const auto project = archive->find("project.xml");
  if (!project) {
    return failure(ErrorCode::bad_input, "The zip archive holds no project.xml; a DAWproject session does.");
  }
  const ZipMember& member = archive->members()[*project];
  if (member.bytes > suspicious_xml_bytes && member.bytes / greatest_xml_ratio > member.in_archive) {
    return failure(ErrorCode::bad_input,
                   fmt::format("project.xml unpacks from {} to {} bytes, far more than any session does.",
                               member.in_archive, member.bytes));
  }
  auto bytes = archive->content(*project, XmlLimits{}.bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  auto xml = XmlText::read(*std::move(bytes));
  if (!xml) {
    xml.error().where.file = "project.xml";
    return tl::unexpected(xml.error());
  }
  DawProjectDocument document(*std::move(archive), *project, *std::move(xml));
  SignalFlow& flow = document.flow_;
  flow.format = "dawproject";
  ProjectReading reading(document.xml_);
  const pugi::xml_node root = reading.root();
  if (std::string_view(root.name()) != "Project") {
    reading.refuse(root, fmt::format("project.xml holds an element {}; Project is expected.", root.name()));
  } else if (!root.child("Structure")) {
    reading.refuse(root, "project.xml holds no Structure, so the session has no mixer.");
  }
  if (reading.is_refused()) return tl::unexpected(reading.problem());
  check_version(reading, flow);
  flow.name = title_of(document.archive_);
  const TempoMap tempo = read_tempo(reading);
  AutomationIndex automation(reading, tempo);
  const StripsById strips =
      reading.is_refused() ? StripsById{}
                           : read_structure(reading, automation, flow, document.places_, document.mutes_);
  if (!reading.is_refused()) read_clips(reading, tempo, strips, flow, document.places_);
  if (reading.is_refused()) return tl::unexpected(reading.problem());
  find_media(document.archive_, flow, reading);
  flow.sample_rate_hz = rate_of(flow);
  flow.notes = reading.take_notes();
  return document;
}

Result<PatchedSession> DawProjectDocument::patch(std::span<const StageChange> changes,
                                                 std::span<const std::size_t> unmuted) const {
  PatchedSession patched;
  std::vector<XmlEdit> edits;
  for (const StageChange& change : changes) {
    if (!std::isfinite(change.gain.value)) {
      return failure(
          ErrorCode::usage,
          fmt::format("A gain of {} dB can't be written; a finite one is expected.", change.gain.value));
    }
    StageRef stage = change.stage;
    if (stage.kind == StageKind::master) stage = {StageKind::fader, flow_.master, 0};
    const auto found = places_.find(stage);
    if (found == places_.end()) {
      if (change.gain.value == 0.0) continue;
      patched.losses.push_back(
          {change.stage, change.gain, stage_words(flow_, stage) + "; it stays as it is."});
      continue;
    }
    const GainPlace& place = found->second;
    const bool is_set = change.from == StageChange::From::zero_db;
    const double present = is_set ? 1.0 : place.present_ratio();
    Db gain = change.gain;
    if (present > 0.0) gain = std::min(gain, to_db(place.greatest_ratio / present));
    if (gain < change.gain && (change.gain.value > 0.0 || is_set)) {
      if (!is_set) gain = std::max(gain, Db{0.0});
      patched.losses.push_back(
          {change.stage, change.gain - gain,
           fmt::format("The format ends at {:+.2f} dB there.", to_db(place.greatest_ratio).value)});
    }
    if (gain.value == 0.0 && !is_set) continue;
    for (const GainPlace::Value& value : place.values) {
      const auto where = xml_.attribute_value(value.element, "value");
      if (!where) return tl::unexpected(where.error());
      const double to = is_set ? level_at(value.unit, gain) : moved(value.unit, value.value, gain);
      if (to == value.value) continue;  // Silence stays silence, in its own words.
      edits.push_back({*where, text_of_level(to)});
    }
    patched.applied.push_back({change.stage, gain});
  }
  for (const std::size_t strip : unmuted) {
    const auto mute = mutes_.find(strip);
    if (mute == mutes_.end())
      return failure(ErrorCode::usage, "A strip that shall be unmuted is not muted in the session.");
    const auto where = xml_.attribute_value(mute->second, "value");
    if (!where) return tl::unexpected(where.error());
    edits.push_back({*where, "false"});
  }
  if (edits.empty()) {
    patched.bytes = archive_.bytes();
    return patched;
  }
  const auto xml = apply_edits(xml_.bytes(), std::move(edits));
  if (!xml) return tl::unexpected(xml.error());
  auto bytes = archive_.with(project_, *xml);
  if (!bytes) return tl::unexpected(bytes.error());
  patched.bytes = *std::move(bytes);
  return patched;
}

Result<void> DawProjectDocument::stream_source(std::size_t source, std::uint64_t most_bytes,
                                               const ByteSink& sink) const {
  if (source >= flow_.sources.size() || !flow_.sources[source].is_in_session) {
    return failure(ErrorCode::usage, "This source is not in the session's own file.");
  }
  const std::string& path = flow_.sources[source].path;
  const auto member = archive_.find(path);
  if (!member) {
    return failure(ErrorCode::bad_input, fmt::format("The session's file does not hold '{}'.", path),
                   {.file = path});
  }
  return archive_.stream(*member, most_bytes, sink);
}

}  // namespace gainstage
