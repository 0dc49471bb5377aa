// SPDX-License-Identifier: MIT
// dawproject_sessions OUT [SESSION...]: writes new sessions into the folder OUT, and copies of the others,
// each with every stage that can be moved 2.5 dB down; prints their names. schema_test.py judges them.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "session_format/dawproject/dawproject_document.h"
#include "session_format/dawproject/new_dawproject_session.h"

namespace {

using namespace gainstage;

constexpr Db move{-2.5};

int fail(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  return 1;
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  std::puts(path.c_str());
}

std::vector<StageChange> every_stage(const SignalFlow& flow) {
  std::vector<StageChange> changes;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    if (strip.fader.writable) changes.push_back({{StageKind::fader, i, 0}, move});
    for (std::size_t k = 0; k < strip.sends.size(); ++k) {
      if (strip.sends[k].gain.writable) changes.push_back({{StageKind::send, i, k}, move});
    }
    for (std::size_t k = 0; k < strip.clips.size(); ++k) {
      if (strip.clips[k].gain.writable) changes.push_back({{StageKind::clip, i, k}, move});
    }
  }
  return changes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return fail("usage: dawproject_sessions OUT [SESSION...]");
  const std::filesystem::path out = argv[1];
  const NewSession song{.name = "A song & more",
                        .sample_rate_hz = 48000.0,
                        .tracks = {{"Kick", "audio/kick.wav", 48000.0, 1, 96000, 0.5, 0.5},
                                   {"B\xC3\xA4ss <DI>", "../stems/bass.wav", 44100.0, 2, 44101, 1.0, 1.0},
                                   {"Over the top", "C:\\Stems\\loud.wav", 96000.0, 6, 480, 4.0, 1.0}},
                        .master_ratio = 0.9};
  const EmbeddedMedia media[] = {{"audio/kick.wav", "RIFF"}};
  const auto fresh = new_dawproject_session(song, media);
  if (!fresh) return fail(fresh.error().sentence);
  write(out / "new.dawproject", *fresh);
  const auto empty =
      new_dawproject_session({.name = "", .sample_rate_hz = 48000.0, .tracks = {}, .master_ratio = 1.0});
  if (!empty) return fail(empty.error().sentence);
  write(out / "empty.dawproject", *empty);
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const auto document = DawProjectDocument::read(std::string(std::istreambuf_iterator<char>(file), {}));
    if (!document) return fail(document.error().sentence);
    const auto patched = document->patch(every_stage(document->flow()));
    if (!patched) return fail(patched.error().sentence);
    write(out / std::filesystem::path(argv[i]).filename(), patched->bytes);
  }
  return 0;
}
