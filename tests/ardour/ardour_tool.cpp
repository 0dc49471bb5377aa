// SPDX-License-Identifier: MIT
// The reader, the patch and the writer of Ardour sessions as a program, for the tests in Python.
//   ardour_tool gains SESSION                        every gain as JSON
//   ardour_tool patch SESSION OUT (STAGE DB)...      STAGE: KIND/STRIP[/ITEM] by name, e.g. fader/kick,
//   clip/kick/0 ardour_tool new OUT NAME RATE MASTER (NAME PATH RATE CHANNELS FRAMES TRIM FADER)...
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "session/flow_check.h"
#include "session_format/ardour/ardour_document.h"
#include "session_format/ardour/new_ardour_session.h"

using namespace gainstage;
using Json = nlohmann::ordered_json;

namespace {

[[noreturn]] void give_up(const std::string& sentence) {
  std::fprintf(stderr, "ardour_tool: %s\n", sentence.c_str());
  std::exit(1);
}

ArdourDocument open(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) give_up("can't read " + path);
  auto document = ArdourDocument::read({std::istreambuf_iterator<char>(file), {}});
  if (!document) give_up(path + ": " + document.error().sentence);
  if (const auto sound = check_flow(document->flow()); !sound) give_up(path + ": " + sound.error().sentence);
  return std::move(*document);
}

void save(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) give_up("can't write " + path);
}

Json to_json(const Automation& automation) {
  Json json{{"scale", static_cast<int>(automation.scale)}, {"points", Json::array()}};
  for (const auto& point : automation.points) json["points"].push_back({point.seconds, point.value});
  return json;
}

Json to_json(const GainControl& gain) {
  Json json{{"ratio", gain.ratio}, {"writable", gain.writable.has_value()}};
  if (gain.automation) json["automation"] = to_json(*gain.automation);
  return json;
}

Json to_json(const Clip& clip) {
  Json json{{"name", clip.name},          {"start", clip.start_s},
            {"length", clip.length_s},    {"offset", clip.offset_s},
            {"gain", to_json(clip.gain)}, {"inverted", clip.is_inverted},
            {"muted", clip.is_muted},     {"opaque", clip.is_opaque},
            {"sources", clip.sources},    {"channels", clip.source_channels}};
  if (clip.envelope) json["envelope"] = to_json(*clip.envelope);
  if (clip.fade_in) json["fade_in"] = clip.fade_in->length_s;
  if (clip.fade_out) json["fade_out"] = clip.fade_out->length_s;
  return json;
}

Json to_json(const SignalFlow& flow, const Strip& strip) {
  Json json{{"name", strip.name},
            {"channels", strip.channels},
            {"trim", to_json(strip.trim)},
            {"fader", to_json(strip.fader)},
            {"pan",
             {{"law", static_cast<int>(strip.pan.law)},
              {"position", strip.pan.position},
              {"width", strip.pan.width}}},
            {"mute", {{"on", strip.mute.is_on}}},
            {"soloed", strip.is_soloed},
            {"solo_safe", strip.is_solo_safe},
            {"vcas", strip.vcas},
            {"clips", Json::array()},
            {"sends", Json::array()},
            {"outputs", Json::array()}};
  if (strip.second_fader) json["second_fader"] = to_json(*strip.second_fader);
  if (strip.pan.automation) json["pan"]["automation"] = to_json(*strip.pan.automation);
  if (strip.mute.automation) json["mute"]["automation"] = to_json(*strip.mute.automation);
  for (const bool inverted : strip.is_inverted) json["inverted"].push_back(inverted);
  for (const Clip& clip : strip.clips) json["clips"].push_back(to_json(clip));
  for (const Send& send : strip.sends) {
    json["sends"].push_back({{"to", flow.strips[send.to].name},
                             {"tap", static_cast<int>(send.tap)},
                             {"gain", to_json(send.gain)},
                             {"pan", send.pan.position}});
  }
  for (const Output& output : strip.outputs) {
    json["outputs"].push_back(output.to ? flow.strips[*output.to].name : output.hardware);
  }
  return json;
}

Json to_json(const SignalFlow& flow) {
  Json json{{"rate", flow.sample_rate_hz}, {"start", flow.start_s}, {"length", flow.length_s}};
  for (const SessionSource& source : flow.sources) {
    json["sources"].push_back({{"path", source.path}, {"gain", to_json(source.gain)}});
  }
  for (const Strip& strip : flow.strips) json["strips"].push_back(to_json(flow, strip));
  for (const Vca& vca : flow.vcas) {
    json["vcas"].push_back(
        {{"name", vca.name}, {"gain", to_json(vca.gain)}, {"base", vca.base_ratio}, {"vcas", vca.vcas}});
  }
  for (const FlowNote& note : flow.notes) json["notes"].push_back(note.code);
  return json;
}

StageRef stage_named(const SignalFlow& flow, const std::string& text) {
  const auto first = text.find('/');
  const auto second = text.find('/', first + 1);
  const std::string kind = text.substr(0, first);
  const std::string name = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  StageRef stage;
  stage.item = second == std::string::npos ? 0 : std::stoul(text.substr(second + 1));
  for (const StageKind candidate : {StageKind::clip, StageKind::trim, StageKind::fader, StageKind::send,
                                    StageKind::vca, StageKind::master}) {
    if (to_string(candidate) == kind) stage.kind = candidate;
  }
  const auto find = [&](const auto& things) {
    for (std::size_t i = 0; i < things.size(); ++i) {
      if (things[i].name == name) return i;
    }
    give_up("no '" + name + "'");
  };
  stage.strip = stage.kind == StageKind::vca ? find(flow.vcas) : find(flow.strips);
  return stage;
}

void patch(const std::vector<std::string>& words) {
  const ArdourDocument document = open(words[2]);
  std::vector<StageChange> changes;
  for (std::size_t i = 4; i + 1 < words.size(); i += 2) {
    changes.push_back({stage_named(document.flow(), words[i]), {std::stod(words[i + 1])}});
  }
  const auto patched = document.patch(changes);
  if (!patched) give_up(patched.error().sentence);
  for (const StageLoss& loss : patched->losses) std::printf("%s\n", loss.sentence.c_str());
  save(words[3], patched->bytes);
}

void write_new(const std::vector<std::string>& words) {
  NewSession session{words[3], std::stod(words[4]), {}, std::stod(words[5])};
  for (std::size_t i = 6; i + 6 < words.size(); i += 7) {
    session.tracks.push_back({words[i], words[i + 1], std::stod(words[i + 2]), std::stoul(words[i + 3]),
                              std::stol(words[i + 4]), std::stod(words[i + 5]), std::stod(words[i + 6])});
  }
  const auto text = new_ardour_session(session);
  if (!text) give_up(text.error().sentence);
  save(words[2], *text);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (argc == 3 && words[1] == "gains") {
    std::printf("%s\n", to_json(open(words[2]).flow()).dump(1).c_str());
  } else if (argc >= 4 && words[1] == "patch") {
    patch(words);
  } else if (argc >= 13 && words[1] == "new") {
    write_new(words);
  } else {
    give_up("expected gains, patch or new; see the top of ardour_tool.cpp");
  }
  return 0;
}
