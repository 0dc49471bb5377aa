// SPDX-License-Identifier: MIT
#include "session_format/dawproject/new_dawproject_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "session_format/dawproject/level_unit.h"
#include "session_format/dawproject/zip_archive.h"
#include "session_format/xml/xml_patch.h"

namespace gainstage {

using namespace dawproject;

namespace {

tl::unexpected<Error> refused(std::string sentence, const std::string& track) {
  return failure(ErrorCode::bad_input, std::move(sentence), {.track = track});
}

// XML holds no control characters but white space (XML 1.0, production 2).
bool can_stand_in_xml(std::string_view text) {
  return find_broken_utf8(text) == std::string_view::npos && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
         });
}

bool is_level(double ratio) { return std::isfinite(ratio) && ratio >= 0.0; }

Result<void> check(const NewSession& session) {
  if (!can_stand_in_xml(session.name)) return refused("The session's name is not UTF-8 text.", "");
  if (!is_level(session.master_ratio) ||
      session.master_ratio > greatest_ratio_without_max(LevelUnit::linear)) {
    return refused(fmt::format("The master's gain is {:.6g}; a DAWproject fader holds 0 to 2 (+6.02 dB).",
                               session.master_ratio),
                   "Master");
  }
  for (const NewTrack& track : session.tracks) {
    if (!can_stand_in_xml(track.name) || !can_stand_in_xml(track.source_path) || track.source_path.empty()) {
      return refused("The name or the path of a track is not UTF-8 text, which DAWproject asks for.",
                     track.name);
    }
    if (track.source_frames <= 0 || !(track.source_rate_hz >= 1.0 && track.source_rate_hz <= 1e9) ||
        track.channels == 0 || track.channels > 64) {
      return refused(
          fmt::format("'{}' has {} channels, {} frames at {} Hz; a session needs some of each.",
                      track.source_path, track.channels, track.source_frames, track.source_rate_hz),
          track.name);
    }
    if (!is_level(track.trim_ratio) || !is_level(track.fader_ratio)) {
      return refused(fmt::format("The gain of '{}' is not a number from 0 on.", track.name), track.name);
    }
  }
  return {};
}

class Writer {
 public:
  Writer(const NewSession& session, std::span<const EmbeddedMedia> media)
      : session_(session), media_(media) {}

  std::string project() {
    line(0, R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)");
    line(0, R"(<Project version="1.0">)");
    line(1, R"(<Application name="Gainstage" version=")" GAINSTAGE_VERSION R"("/>)");
    line(1, "<Transport>");
    line(
        2,
        R"(<Tempo max="666.000000" min="20.000000" unit="bpm" value="120.000000" id="tempo" name="Tempo"/>)");
    line(2, R"(<TimeSignature denominator="4" numerator="4" id="signature"/>)");
    line(1, "</Transport>");
    line(1, "<Structure>");
    for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
      const NewTrack& track = session_.tracks[i];
      mixer_track(fmt::format("{}", i + 1), track.name, R"(contentType="audio")",
                  R"(destination="channel-master" role="regular")", std::max<std::size_t>(2, track.channels),
                  fader_of(track));
    }
    mixer_track("master", "Master", R"(contentType="audio notes")", R"(role="master")", 2,
                session_.master_ratio);
    line(1, "</Structure>");
    line(1, R"(<Arrangement id="arrangement">)");
    line(2, R"(<Lanes timeUnit="seconds" id="lanes">)");
    for (std::size_t i = 0; i < session_.tracks.size(); ++i) lanes(i + 1, session_.tracks[i]);
    line(2, "</Lanes>");
    line(1, "</Arrangement>");
    line(1, "<Scenes/>");
    line(0, "</Project>");
    return std::move(text_);
  }

 private:
  static double level_of(const NewTrack& track) { return track.trim_ratio * track.fader_ratio; }
  static double fader_of(const NewTrack& track) {
    return std::min(level_of(track), greatest_ratio_without_max(LevelUnit::linear));
  }

  void line(int depth, std::string_view content) {
    text_.append(static_cast<std::size_t>(depth) * 2, ' ');
    text_ += content;
    text_ += '\n';
  }

  void mixer_track(const std::string& id, const std::string& name, std::string_view content,
                   std::string_view way, std::size_t channels, double ratio) {
    line(2,
         fmt::format(R"(<Track {} loaded="true" id="track-{}" name="{}">)", content, id, escaped_xml(name)));
    line(3,
         fmt::format(R"(<Channel audioChannels="{}" {} solo="false" id="channel-{}">)", channels, way, id));
    line(4, fmt::format(R"(<Mute value="false" id="mute-{}" name="Mute"/>)", id));
    line(
        4,
        fmt::format(
            R"(<Pan max="1.000000" min="0.000000" unit="normalized" value="0.500000" id="pan-{}" name="Pan"/>)",
            id));
    line(
        4,
        fmt::format(
            R"(<Volume max="2.000000" min="0.000000" unit="linear" value="{}" id="volume-{}" name="Volume"/>)",
            text_of_level(ratio), id));
    line(3, "</Channel>");
    line(2, "</Track>");
  }

  void lanes(std::size_t number, const NewTrack& track) {
    const std::string duration =
        fmt::format("{:.9f}", static_cast<double>(track.source_frames) / track.source_rate_hz);
    const double excess = fader_of(track) > 0.0 ? level_of(track) / fader_of(track) : 1.0;
    const bool is_external = std::ranges::none_of(
        media_, [&](const EmbeddedMedia& media) { return media.path == track.source_path; });
    line(3, fmt::format(R"(<Lanes track="track-{0}" id="lanes-{0}">)", number));
    line(4, fmt::format(R"(<Clips id="clips-{}">)", number));
    line(
        5,
        fmt::format(
            R"(<Clip time="0.0" duration="{}" contentTimeUnit="seconds" playStart="0.0" enable="true" name="{}">)",
            duration, escaped_xml(track.name)));
    int depth = 6;
    if (excess > 1.0) line(depth++, fmt::format(R"(<Lanes id="content-{}">)", number));
    line(depth,
         fmt::format(
             R"(<Audio timeUnit="seconds" channels="{}" sampleRate="{:.0f}" duration="{}" id="audio-{}">)",
             track.channels, track.source_rate_hz, duration, number));
    line(depth + 1,
         fmt::format(R"(<File path="{}" external="{}"/>)", escaped_xml(track.source_path), is_external));
    line(depth, "</Audio>");
    if (excess > 1.0) {
      line(depth, fmt::format(R"(<Points unit="linear" id="gain-{}">)", number));
      line(depth + 1, R"(<Target expression="gain"/>)");
      line(depth + 1,
           fmt::format(R"(<RealPoint time="0.0" value="{}" interpolation="hold"/>)", text_of_level(excess)));
      line(depth, "</Points>");
      line(--depth, "</Lanes>");
    }
    line(5, "</Clip>");
    line(4, "</Clips>");
    line(3, "</Lanes>");
  }

  const NewSession& session_;
  std::span<const EmbeddedMedia> media_;
  std::string text_;
};

}  // namespace

Result<std::string> new_dawproject_session(const NewSession& session, std::span<const EmbeddedMedia> media) {
  if (auto checked = check(session); !checked) return tl::unexpected(checked.error());
  const std::string project = Writer(session, media).project();
  const std::string metadata = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<MetaData>\n  <Title>{}</Title>\n"
      "</MetaData>\n",
      escaped_xml(session.name));
  std::vector<NewZipMember> members{{"metadata.xml", metadata}, {"project.xml", project}};
  // Audio hardly packs, and stored it can be read in place.
  for (const EmbeddedMedia& file : media)
    members.push_back({file.path, file.bytes, NewZipMember::Method::stored});
  return write_zip(members);
}

}  // namespace gainstage
