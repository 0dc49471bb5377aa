// SPDX-License-Identifier: MIT
#include "session_format/ardour/ardour_document.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "session_format/ardour/reading.h"

namespace gainstage {
namespace {

using ardour::Reading;

tl::unexpected<Error> refuse(std::string sentence) {
  return failure(ErrorCode::bad_input, std::move(sentence));
}

/// Session/@version: "7002", and "2.0.0" of the programs before 3.
Result<int> version_of(std::string_view text) {
  const auto number = ardour::to_number(text);
  if (!number || *number < ardour::oldest_version || *number > 1e6) {
    return refuse(
        fmt::format("The session's version is '{:.20}'; expected {} or more, as Ardour 3 and later write it. "
                    "Open and save it "
                    "with a present Ardour.",
                    text, ardour::oldest_version));
  }
  return static_cast<int>(*number);
}

/// What an export would hold.
void read_range(Reading& reading) {
  for (const pugi::xml_node node : reading.xml.root().child("Locations").children("Location")) {
    if (std::string_view(node.attribute("flags").value()).find("IsSessionRange") == std::string_view::npos)
      continue;
    const auto start = reading.clock.seconds(node.attribute("start").value());
    const auto end = reading.clock.seconds(node.attribute("end").value());
    if (!start || !end || *end < *start) {
      reading.refuse(
          node, "",
          fmt::format("The session's range goes from '{:.40}' to '{:.40}'; expected two times in order.",
                      node.attribute("start").value(), node.attribute("end").value()));
      return;
    }
    reading.flow.start_s = *start;
    reading.flow.length_s = *end - *start;
    return;
  }
}

bool has_region_fades(pugi::xml_node session) {
  for (const pugi::xml_node option : session.child("Config").children("Option")) {
    if (std::string_view(option.attribute("name").value()) == "use-region-fades")
      return ardour::is_yes(option.attribute("value"), true);
  }
  return true;
}

void note_newer(Reading& reading) {
  if (reading.version <= ardour::newest_known_version) return;
  reading.note(
      "newer-version", "",
      fmt::format("The session's version is {}, newer than {}, up to which versions are known; what is "
                  "known of it is read.",
                  reading.version, ardour::newest_known_version));
}

}  // namespace

ArdourDocument::ArdourDocument() = default;
ArdourDocument::ArdourDocument(ArdourDocument&&) noexcept = default;
ArdourDocument& ArdourDocument::operator=(ArdourDocument&&) noexcept = default;
ArdourDocument::~ArdourDocument() = default;

Result<ArdourDocument> ArdourDocument::read(std::string bytes) {
  auto xml = XmlText::read(std::move(bytes));
  if (!xml) return tl::unexpected(std::move(xml.error()));
  const pugi::xml_node session = xml->root();
  if (std::string_view(session.name()) != "Session") {
    return refuse(
        fmt::format("The file's outermost element is '{:.40}'; expected 'Session', as in an .ardour file.",
                    session.name()));
  }
  const auto version = version_of(session.attribute("version").value());
  if (!version) return tl::unexpected(version.error());
  for (const char* part : {"Sources", "Routes", "Playlists"}) {
    if (!session.child(part)) {
      return refuse(
          fmt::format("The session holds no '{}'; expected Sources, Routes and Playlists, as in an .ardour "
                      "file.",
                      part));
    }
  }
  const auto rate = ardour::to_number(session.attribute("sample-rate").value());
  if (!rate || *rate < 1000.0 || *rate > 1e6) {
    return refuse(fmt::format("The session's sample rate is '{:.40}'; expected a number of Hz.",
                              session.attribute("sample-rate").value()));
  }
  Reading reading{.xml = *xml, .version = *version, .clock = {*rate, session.child("TempoMap")}};
  reading.flow.format = "ardour";
  reading.flow.version = session.attribute("version").value();
  reading.flow.name = session.attribute("name").value();
  reading.flow.sample_rate_hz = *rate;
  reading.has_region_fades = has_region_fades(session);
  note_newer(reading);
  read_range(reading);
  ardour::read_sources(reading);
  ardour::read_playlists(reading);
  ardour::read_vcas(reading);
  if (!reading.problem) ardour::read_strips(reading);
  ardour::finish_vcas(reading);
  ardour::read_groups(reading);
  if (reading.problem) return tl::unexpected(std::move(*reading.problem));

  ArdourDocument document;
  document.flow_ = std::move(reading.flow);
  document.stages_ = std::move(reading.stages);
  document.mutes_ = std::move(reading.mutes);
  document.bytes_ = xml->bytes();
  return document;
}

}  // namespace gainstage
