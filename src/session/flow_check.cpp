// SPDX-License-Identifier: MIT
#include "session/flow_check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace gainstage {
namespace {

tl::unexpected<Error> refused(std::string sentence, const std::string& track = {}) {
  return failure(ErrorCode::bad_input, std::move(sentence), {.track = track});
}

std::string quoted(const std::string& name) { return "'" + name + "'"; }

/// What is found first ends the look.
class Checks {
 public:
  bool is_sound() const { return !problem_; }
  Result<void> result() const {
    if (problem_) return tl::unexpected(*problem_);
    return {};
  }

  void say(std::string sentence, const std::string& strip) {
    if (!problem_) problem_ = refused(std::move(sentence), strip).value();
  }
  void finite(double value, const std::string& what, const std::string& strip) {
    if (!std::isfinite(value)) say(what + " is not a finite number; mend it in the session.", strip);
  }
  void automation(const std::optional<Automation>& curve, bool is_gain, const std::string& what,
                  const std::string& strip) {
    if (!curve) return;
    if (curve->points.empty()) say(what + " has an automation without points.", strip);
    double last = -std::numeric_limits<double>::infinity();
    for (const AutomationPoint& point : curve->points) {
      finite(point.seconds, "The time of an automation point of " + what, strip);
      finite(point.value, "An automation point of " + what, strip);
      finite(point.tension, "An automation point of " + what, strip);
      if (point.seconds < last) say("The automation of " + what + " runs backwards in time.", strip);
      if (is_gain && point.value < 0.0) say("The automation of " + what + " holds a negative gain.", strip);
      last = point.seconds;
      if (!is_sound()) return;
    }
  }
  void gain(const GainControl& control, const std::string& what, const std::string& strip) {
    finite(control.ratio, "The gain of " + what, strip);
    if (control.ratio < 0.0) say("The gain of " + what + " is negative; a gain can't be.", strip);
    automation(control.automation, true, what, strip);
  }
  void pan(const Pan& pan, const std::string& what, const std::string& strip) {
    finite(pan.position, "The pan of " + what, strip);
    finite(pan.width, "The width of " + what, strip);
    finite(pan.centre.value, "The pan law of " + what, strip);
    automation(pan.automation, false, "the pan of " + what, strip);
  }

 private:
  std::optional<Error> problem_;
};

void check_clip(const SignalFlow& flow, const Clip& clip, const std::string& strip, Checks& checks) {
  const std::string what = "the clip " + quoted(clip.name) + " of " + quoted(strip);
  for (const double value :
       {clip.start_s, clip.length_s, clip.offset_s, clip.rate, clip.loop_s.value_or(1.0)})
    checks.finite(value, "The place of " + what, strip);
  if (clip.length_s < 0.0) checks.say("The length of " + what + " is negative.", strip);
  if (clip.loop_s.value_or(1.0) < 0.0) checks.say("The loop of " + what + " is negative.", strip);
  for (const std::size_t source : clip.sources) {
    if (source >= flow.sources.size()) checks.say(what + " names a source that is not there.", strip);
  }
  checks.gain(clip.gain, what, strip);
  if (clip.take_gain) checks.gain(*clip.take_gain, "the take of " + what, strip);
  checks.automation(clip.envelope, true, "the envelope of " + what, strip);
  for (const auto& fade : {clip.fade_in, clip.fade_out}) {
    if (!fade) continue;
    checks.finite(fade->length_s, "A fade of " + what, strip);
    if (fade->length_s < 0.0) checks.say("A fade of " + what + " has a negative length.", strip);
    checks.automation(fade->curve, true, "a fade of " + what, strip);
    checks.automation(fade->beneath, true, "a fade of " + what, strip);
  }
  checks.pan(clip.pan, what, strip);
}

void check_strip(const SignalFlow& flow, std::size_t index, Checks& checks) {
  const Strip& strip = flow.strips[index];
  const std::string& name = strip.name;
  if (strip.channels == 0 || strip.channels > 64) {
    checks.say(quoted(name) + " has " + std::to_string(strip.channels) + " channels; expected 1 to 64.",
               name);
  }
  for (const Clip& clip : strip.clips) {
    check_clip(flow, clip, name, checks);
    if (!checks.is_sound()) return;
  }
  checks.gain(strip.trim, "the trim of " + quoted(name), name);
  checks.gain(strip.fader, "the fader of " + quoted(name), name);
  if (strip.second_fader) checks.gain(*strip.second_fader, "the second fader of " + quoted(name), name);
  checks.pan(strip.pan, quoted(name), name);
  checks.automation(strip.mute.automation, false, "the mute of " + quoted(name), name);
  for (const Send& send : strip.sends) {
    if (send.to >= flow.strips.size()) {
      checks.say(quoted(name) + " has a send to a strip that is not there.", name);
      return;
    }
    if (send.to == index) checks.say(quoted(name) + " has a send into itself; take it away.", name);
    const std::string what = "the send of " + quoted(name) + " to " + quoted(flow.strips[send.to].name);
    checks.gain(send.gain, what, name);
    checks.pan(send.pan, what, name);
    checks.automation(send.mute.automation, false, what, name);
  }
  for (const Output& output : strip.outputs) {
    if (output.to && *output.to >= flow.strips.size()) {
      checks.say(quoted(name) + " goes out to a strip that is not there.", name);
      return;
    }
    checks.gain(output.gain, "the output of " + quoted(name), name);
  }
  for (const std::size_t vca : strip.vcas) {
    if (vca >= flow.vcas.size()) checks.say(quoted(name) + " follows a VCA that is not there.", name);
  }
}

/// Nodes such that each comes before those it leads to; fewer than there are where some lie on a cycle. The
/// lowest index that can go first does.
std::vector<std::size_t> ordered(std::size_t count,
                                 const std::function<std::vector<std::size_t>(std::size_t)>& leads_to) {
  std::vector<std::size_t> open(count);
  for (std::size_t node = 0; node < count; ++node) {
    for (const std::size_t next : leads_to(node)) ++open[next];
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t node = 0; node < count; ++node) {
    if (open[node] == 0) ready.push(node);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::size_t next : leads_to(node)) {
      if (--open[next] == 0) ready.push(next);
    }
  }
  return order;
}

/// Names along a cycle, given the nodes that are on none.
std::string cycle_words(std::size_t count, const std::vector<std::size_t>& order,
                        const std::function<std::vector<std::size_t>(std::size_t)>& leads_to,
                        const std::function<std::string(std::size_t)>& name) {
  std::vector<bool> is_left(count, true);
  for (const std::size_t node : order) is_left[node] = false;
  // Every node that is left has one before it that is left too: walking backwards must come round.
  std::vector<std::size_t> before(count, count);
  for (std::size_t node = 0; node < count; ++node) {
    if (!is_left[node]) continue;
    for (const std::size_t next : leads_to(node)) {
      if (is_left[next]) before[next] = node;
    }
  }
  std::size_t node = 0;
  while (!is_left[node]) ++node;
  for (std::size_t step = 0; step < count; ++step) node = before[node];
  std::vector<std::size_t> cycle{node};
  for (std::size_t at = before[node]; at != node; at = before[at]) cycle.push_back(at);
  std::ranges::reverse(cycle);
  std::rotate(cycle.begin(), std::ranges::min_element(cycle), cycle.end());
  cycle.push_back(cycle.front());
  constexpr std::size_t most_names = 12;
  std::string words;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    if (cycle.size() > most_names && i == most_names - 1) {
      words += " -> ...";
      break;
    }
    words += (i == 0 ? "" : " -> ") + quoted(name(cycle[i]));
  }
  return words;
}

Result<void> check_cycles(const SignalFlow& flow) {
  const auto strips_after = [&](std::size_t strip) { return fed_by(flow, strip); };
  const std::size_t strips = flow.strips.size();
  if (const auto order = ordered(strips, strips_after); order.size() < strips) {
    return refused(
        "The sound goes round in a circle: " +
        cycle_words(strips, order, strips_after, [&](std::size_t i) { return flow.strips[i].name; }) +
        "; break it in the session.");
  }
  const auto vcas_after = [&](std::size_t vca) { return flow.vcas[vca].vcas; };
  const std::size_t vcas = flow.vcas.size();
  if (const auto order = ordered(vcas, vcas_after); order.size() < vcas) {
    return refused("VCAs follow each other in a circle: " +
                   cycle_words(vcas, order, vcas_after, [&](std::size_t i) { return flow.vcas[i].name; }) +
                   "; break it in the session.");
  }
  return {};
}

}  // namespace

std::vector<std::size_t> fed_by(const SignalFlow& flow, std::size_t strip) {
  std::vector<std::size_t> fed;
  for (const Output& output : flow.strips[strip].outputs) {
    if (output.to) fed.push_back(*output.to);
  }
  for (const Send& send : flow.strips[strip].sends) {
    if (send.is_enabled) fed.push_back(send.to);
  }
  return fed;
}

Result<void> check_flow(const SignalFlow& flow) {
  Checks checks;
  for (const double value : {flow.sample_rate_hz, flow.start_s, flow.length_s})
    checks.finite(value, "The session's rate or range", "");
  const auto masters = std::ranges::count(flow.strips, StripKind::master, &Strip::kind);
  if (masters != 1) {
    return refused("The session has " + std::to_string(masters) + " master tracks; expected one.");
  }
  if (flow.master >= flow.strips.size() || flow.strips[flow.master].kind != StripKind::master) {
    return refused("The session's master is not the track it is said to be.");
  }
  for (const SessionSource& source : flow.sources) {
    checks.gain(source.gain, "the source " + quoted(source.name), "");
    checks.finite(source.sample_rate_hz, "The rate of the source " + quoted(source.name), "");
  }
  for (std::size_t i = 0; i < flow.strips.size() && checks.is_sound(); ++i) check_strip(flow, i, checks);
  for (const Vca& vca : flow.vcas) {
    checks.gain(vca.gain, "the VCA " + quoted(vca.name), "");
    if (!(vca.base_ratio > 0.0 && std::isfinite(vca.base_ratio)))
      checks.say("The VCA " + quoted(vca.name) + " has no gain that its own is relative to.", "");
    for (const std::size_t other : vca.vcas) {
      if (other >= flow.vcas.size())
        checks.say("The VCA " + quoted(vca.name) + " follows one that is not there.", "");
    }
  }
  if (!checks.is_sound()) return checks.result();
  return check_cycles(flow);
}

std::vector<std::size_t> processing_order(const SignalFlow& flow) {
  return ordered(flow.strips.size(), [&](std::size_t strip) { return fed_by(flow, strip); });
}

}  // namespace gainstage
