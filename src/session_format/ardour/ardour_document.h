// SPDX-License-Identifier: MIT
// An Ardour session (.ardour): read as a signal flow, written back with other gains and every other byte as
// it was.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "session_format/patched_session.h"
#include "session_format/xml/xml_patch.h"

namespace gainstage {
namespace ardour {
struct StageInBytes;
}

/// Sessions of Ardour 3 and later. What Ardour plays and this does not is in flow().notes.
///
/// - Writable are the regions' gains, trims, faders, sends and VCAs, as far as Ardour's own controls go:
/// faders,
///   sends and VCAs to +6 dB (ratio 2), trims 20 dB either way, regions to +40 dB. A source's gain and the
///   master volume are played, but Ardour shows them at no fader, so they stay.
/// - A list of automation that is off is left alone; one that plays moves with its control.
/// - Envelopes and fades are part of the region and stay.
class ArdourDocument {
 public:
  static Result<ArdourDocument> read(std::string bytes);
  ArdourDocument(ArdourDocument&&) noexcept;
  ArdourDocument& operator=(ArdourDocument&&) noexcept;
  ~ArdourDocument();

  const SignalFlow& flow() const { return flow_; }
  const std::string& bytes() const { return bytes_; }

  /// What passes a control's end is cut to whole hundredths of a dB that fit, and the rest is a loss. Error:
  /// a gain that is not a number.
  Result<PatchedSession> patch(std::span<const StageChange> changes,
                               std::span<const std::size_t> unmuted = {}) const;
  bool can_unmute(std::size_t strip) const { return mutes_.contains(strip); }

 private:
  ArdourDocument();

  std::string bytes_;
  SignalFlow flow_;
  std::map<StageRef, ardour::StageInBytes> stages_;
  std::map<std::size_t, std::vector<XmlEdit>> mutes_;  ///< What switches a strip's mute off.
};

}  // namespace gainstage
