// SPDX-License-Identifier: MIT
// Small REAPER projects for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session_format/reaper/reaper_document.h"

namespace gainstage::test {

/// A project of these lines (and blocks of lines), with a sample rate so that nothing is noted.
inline std::string project(const std::string& lines) {
  return "<REAPER_PROJECT 0.1 \"6.83/x64\" 1610621402\n  SAMPLERATE 48000 1 0\n" + lines + "\n>\n";
}

inline std::string track(const std::string& lines) { return "<TRACK {A}\n" + lines + "\n>\n"; }

/// An item of one second at 0 with a source.
inline std::string item(const std::string& lines) {
  return "<ITEM\nPOSITION 0\nLENGTH 1\n" + lines + "\n<SOURCE WAVE\nFILE \"a.wav\"\n>\n>\n";
}

inline ReaperDocument must_read(std::string bytes) {
  auto document = ReaperDocument::read(std::move(bytes));
  if (!document) {
    ADD_FAILURE() << document.error().sentence;
    return *ReaperDocument::read(project(""));
  }
  return std::move(*document);
}

inline std::string error_of(std::string bytes) {
  const auto document = ReaperDocument::read(std::move(bytes));
  return document ? "" : document.error().sentence;
}

inline bool has_note(const SignalFlow& flow, const std::string& code) {
  for (const FlowNote& note : flow.notes) {
    if (note.code == code) return true;
  }
  return false;
}

}  // namespace gainstage::test
