// SPDX-License-Identifier: MIT
#include "session_format/reaper/receive.h"

#include <fmt/format.h>

#include "session_format/reaper/rpp_text.h"

namespace gainstage {
namespace {

/// Words of AUXRECV.
enum Word : std::size_t {
  source = 1,
  mode,
  gain,
  pan,
  mute,
  mono,
  inverted,
  from,
  to,
  law,
  midi,
  automation
};

/// "-1:U" is the project's law; what follows the colon is not documented.
double read_law(Reading& reading, const RppWords& words) {
  if (!words.has(Word::law)) return -1.0;
  const std::string_view text = words[Word::law].text;
  const auto value = parse_rpp_number(text.substr(0, text.find(':')));
  if (value && *value != 0.0) return *value;
  reading.fail(words.line, "AUXRECV has a pan law that is no number over 0; set the send again in REAPER.");
  return -1.0;
}

Send::Tap read_tap(Reading& reading, const RppWords& words, const std::string& sender, bool& is_known) {
  const long mode = reading.whole_number(words, Word::mode, 0);
  is_known = true;
  switch (mode) {
    case 0:
      return Send::Tap::after_pan;
    case 1:
      return Send::Tap::before_inserts;
    case 2:  // An older way to say 3.
    case 3:
      return Send::Tap::before_fader;
    default:
      break;
  }
  is_known = false;
  reading.note("send-mode", sender,
               fmt::format("{}: a send has the mode {}, which is not known; it is left out.", sender, mode));
  return Send::Tap::after_pan;
}

}  // namespace

std::optional<Receive> read_receive(Reading& reading, const RppWords& words,
                                    const std::vector<TrackHead>& heads, std::size_t receiver,
                                    double project_pan_law) {
  const long index = reading.whole_number(words, Word::source, -1);
  if (reading.error) return std::nullopt;
  if (index < 0 || static_cast<std::size_t>(index) >= heads.size()) {
    reading.fail(words.line,
                 fmt::format("{} receives from track {}, but the project has {}; delete that receive.",
                             heads[receiver].name, index + 1, heads.size()));
    return std::nullopt;
  }
  const auto sender = static_cast<std::size_t>(index);
  if (sender == receiver) {
    reading.fail(words.line, fmt::format("{} receives from itself; delete that send.", heads[receiver].name));
    return std::nullopt;
  }
  const long from = reading.whole_number(words, Word::from, 0);
  if (from < 0) return std::nullopt;  // MIDI only.
  if (!reading.count(Counted::sends, words.line)) return std::nullopt;

  Strip& strip = reading.flow.strips[sender];
  Send send;
  send.name = heads[receiver].name;
  send.to = receiver;
  bool is_known = true;
  send.tap = read_tap(reading, words, strip.name, is_known);
  send.is_enabled = is_known;
  send.mute.is_on = reading.whole_number(words, Word::mute, 0) != 0;
  send.is_mono = reading.whole_number(words, Word::mono, 0) != 0;
  send.is_inverted = reading.whole_number(words, Word::inverted, 0) != 0;
  send.pan = reaper_pan(reading.pan(words, Word::pan), read_law(reading, words), project_pan_law);
  const long to = reading.whole_number(words, Word::to, 0);
  if (from != 0 || to != 0) {
    send.is_enabled = false;
    reading.note(
        "send-channels", strip.name,
        fmt::format("{}: a send to {} is between other channels than 1 and 2; it is taken for one that only "
                    "plug-ins hear, and left out.",
                    strip.name, heads[receiver].name));
  }
  const long mode = reading.whole_number(words, Word::automation, -1);
  Receive receive{sender, strip.sends.size(), heads[sender].automation};
  if (mode != -1 && receive.automation != AutomationMode::bypassed) {
    receive.automation = automation_mode(reading, mode, -1, strip.name);
  }
  set_control(reading, {StageKind::send, sender, receive.send}, send.gain,
              reading.gain(words, Word::gain, 1.0), gain_place(words, Word::gain), {}, receive.automation);
  strip.sends.push_back(std::move(send));
  return receive;
}

bool read_receive_envelope(Reading& reading, std::size_t block, const std::vector<TrackHead>& heads,
                           const std::optional<Receive>& receive) {
  const std::string_view name = reading.tree.name(block);
  if (name != "AUXVOLENV" && name != "AUXPANENV" && name != "AUXMUTEENV") return false;
  if (!receive) return true;
  Send& send = reading.flow.strips[receive->sender].sends[receive->send];
  const std::string& sender = heads[receive->sender].name;
  if (name == "AUXVOLENV") {
    const Envelope envelope = read_envelope(reading, block, EnvelopeKind::gain, sender);
    send.gain.writable.reset();
    set_control(reading, {StageKind::send, receive->sender, receive->send}, send.gain, send.gain.ratio,
                std::nullopt, envelope, receive->automation);
    // The static gain has its place from the line AUXRECV.
    if (!send.gain.automation || send.gain.playback == GainControl::Playback::multiplies) {
      send.gain.writable = GainControl::Range{greatest_reaper_gain};
    }
  } else if (receive->automation != AutomationMode::bypassed) {
    const bool is_pan = name == "AUXPANENV";
    const Envelope envelope =
        read_envelope(reading, block, is_pan ? EnvelopeKind::pan : EnvelopeKind::mute, sender);
    if (!envelope.is_played()) return true;
    (is_pan ? send.pan.automation : send.mute.automation) = envelope.automation;
  }
  return true;
}

}  // namespace gainstage
