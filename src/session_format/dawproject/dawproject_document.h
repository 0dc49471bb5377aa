// SPDX-License-Identifier: MIT
// A DAWproject session (Bitwig, Studio One, Cubase...): a zip archive with project.xml and, mostly, its
// media.
//
// The way down: zip_archive (bytes), xml_patch and project_xml (syntax), structure_reader and clip_reader
// (meaning); the way back up touches the syntax alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "session_format/dawproject/project_xml.h"
#include "session_format/dawproject/zip_archive.h"
#include "session_format/patched_session.h"

namespace gainstage {

class DawProjectDocument {
 public:
  static Result<DawProjectDocument> read(std::string zip_bytes);

  const SignalFlow& flow() const { return flow_; }
  const std::string& bytes() const { return archive_.bytes(); }

  /// The session with faders, sends and clip gains moved. A move that would pass what the format holds goes
  /// as far as it can, the rest is a loss; so is all of a move of a stage that the format does not have.
  /// Every member but project.xml stays as it is, and where nothing changes the whole file does.
  Result<PatchedSession> patch(std::span<const StageChange> changes,
                               std::span<const std::size_t> unmuted = {}) const;
  bool can_unmute(std::size_t strip) const { return mutes_.contains(strip); }

  /// The bytes of a source that is in the session itself, for whoever writes them where audio is read from.
  /// Fails where it is missing, and before more than `most_bytes` are passed on.
  Result<void> stream_source(std::size_t source, std::uint64_t most_bytes, const ByteSink& sink) const;

 private:
  DawProjectDocument(ZipArchive archive, std::size_t project, XmlText xml)
      : archive_(std::move(archive)), project_(project), xml_(std::move(xml)) {}

  ZipArchive archive_;
  std::size_t project_ = 0;  ///< Member of the archive.
  XmlText xml_;
  SignalFlow flow_;
  dawproject::GainPlaces places_;
  dawproject::MutePlaces mutes_;
};

}  // namespace gainstage
