// SPDX-License-Identifier: MIT
// Small projects for the tests, written as the applications write theirs.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "session_format/dawproject/dawproject_document.h"

namespace gainstage {

/// Tracks "A" (id t1, channel c1, volume v1) and the master (t9, c9, v9), at 120 bpm: a beat is half a
/// second.
struct TestProject {
  std::string volume = R"(<Volume id="v1" unit="linear" value="0.5" min="0" max="2"/>)";
  std::string before_volume = {};  ///< Devices, Mute, Pan, Sends.
  std::string channel = R"(audioChannels="2" destination="c9" role="regular" solo="false")";
  std::string more_tracks = {};
  std::string arrangement = {};  ///< Within the Lanes.
  std::string time_unit = "beats";
  std::string after_lanes = {};  ///< TempoAutomation.
  std::string version = "1.0";
  std::string master_role = "master";

  std::string xml() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Project version=\"" + version +
           "\"><Application name=\"Test\" version=\"1\"/>"
           "<Transport><Tempo unit=\"bpm\" value=\"120\" id=\"tempo\"/></Transport>\n"
           "<Structure><Track contentType=\"audio\" id=\"t1\" name=\"A\"><Channel id=\"c1\" " +
           channel + ">" + before_volume + volume + "</Channel></Track>\n" + more_tracks +
           "<Track contentType=\"audio notes\" id=\"t9\" name=\"Master\"><Channel id=\"c9\" "
           "audioChannels=\"2\" role=\"" +
           master_role +
           "\"><Volume id=\"v9\" unit=\"linear\" value=\"1\" max=\"2\"/></Channel></Track></Structure>\n" +
           "<Arrangement id=\"a\"><Lanes id=\"l\" timeUnit=\"" + time_unit + "\">" + arrangement +
           "</Lanes>" + after_lanes + "</Arrangement></Project>\n";
  }
};

inline std::string zip_of(std::string_view project_xml) {
  const NewZipMember members[] = {{"metadata.xml", "<MetaData><Title>Song</Title></MetaData>"},
                                  {"project.xml", project_xml},
                                  {"audio/a.wav", "RIFF....", NewZipMember::Method::stored}};
  return *write_zip(members);
}

inline Result<DawProjectDocument> read_xml(std::string_view project_xml) {
  return DawProjectDocument::read(zip_of(project_xml));
}

inline DawProjectDocument document_of(const TestProject& project) {
  auto document = read_xml(project.xml());
  if (!document) throw std::runtime_error(document.error().sentence);
  return *std::move(document);
}

inline std::string sentence_of(const Result<DawProjectDocument>& read) {
  return read ? "" : read.error().sentence;
}

/// A clip around an Audio of ten seconds at 48 kHz.
inline std::string audio_element(std::string_view attributes = "") {
  return "<Audio channels=\"1\" sampleRate=\"48000\" duration=\"10\" " + std::string(attributes) +
         "><File path=\"audio/a.wav\"/></Audio>";
}
inline std::string on_track(std::string_view content) {
  return "<Lanes track=\"t1\">" + std::string(content) + "</Lanes>";
}
inline std::string clip_on_track(std::string_view clip_attributes, std::string_view content) {
  return on_track("<Clips><Clip " + std::string(clip_attributes) + ">" + std::string(content) +
                  "</Clip></Clips>");
}

inline std::string project_xml_of(const std::string& zip_bytes) {
  const auto zip = ZipArchive::read(zip_bytes);
  return zip ? *zip->content(*zip->find("project.xml"), 1 << 30) : "";
}

/// A real session from the folder `shared` beside the checkout; absent where there is none.
inline std::optional<std::string> shared_session(const std::string& name) {
  std::ifstream file(std::string(GAINSTAGE_SOURCE_DIR) + "/../shared/data/sessions/dawproject/" + name,
                     std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace gainstage
