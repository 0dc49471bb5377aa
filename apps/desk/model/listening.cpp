// SPDX-License-Identifier: MIT
#include "listening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gainstage::desk {
namespace {

constexpr std::array<std::string_view, 3> tap_names{"clip", "insert_in", "fader_out"};
constexpr std::array<std::string_view, 6> command_names{"mute", "solo", "dim", "mono", "tap", "compare"};

tl::unexpected<Error> wrong(std::string sentence) { return failure(ErrorCode::usage, std::move(sentence)); }

Result<void> set_mute(Listening& next, const Message& message, const StageTable& table) {
  const auto strip = message.strip(table);
  if (!strip) return tl::unexpected(strip.error());
  const auto is_on = message.flag("on");
  if (!is_on) return tl::unexpected(is_on.error());
  next.is_muted[*strip] = *is_on;
  return {};
}

Result<void> set_solo(Listening& next, const Message& message, const StageTable& table) {
  const auto strip = message.strip(table);
  if (!strip) return tl::unexpected(strip.error());
  const auto is_on = message.flag("on");
  if (!is_on) return tl::unexpected(is_on.error());
  const auto is_only = message.flag("only", false);
  if (!is_only) return tl::unexpected(is_only.error());
  if (*is_only) next.is_soloed.assign(next.is_soloed.size(), false);
  next.is_soloed[*strip] = *is_on;
  return {};
}

Result<void> set_flag(bool& flag, const Message& message) {
  const auto is_on = message.flag("on");
  if (!is_on) return tl::unexpected(is_on.error());
  flag = *is_on;
  return {};
}

Result<void> set_tap(Listening& next, const Message& message, const StageTable& table) {
  const auto strip = message.strip_or_null(table);
  if (!strip) return tl::unexpected(strip.error());
  if (!*strip) {
    next.tap_strip.reset();
    return {};
  }
  if (table.strips[**strip].is_vca)
    return wrong(fmt::format("{} is a VCA: no sound goes through it.", table.strips[**strip].name));
  const auto name = message.text("tap");
  if (!name) return tl::unexpected(name.error());
  const auto found = std::ranges::find(tap_names, *name);
  if (found == tap_names.end())
    return wrong(fmt::format("\"tap\" must be \"clip\", \"insert_in\" or \"fader_out\"; it is {}.",
                             shown(Json(*name))));
  next.tap_strip = *strip;
  next.tap = static_cast<LiveTap>(found - tap_names.begin());
  return {};
}

Result<void> set_hears(Comparison& compare, const std::string& hears) {
  const bool is_hidden = compare.is_blind && !compare.is_revealed;
  if (hears == "before" || hears == "after") {
    if (is_hidden) return wrong("While the comparison is blind, \"hears\" is \"x\" or \"y\".");
    compare.hears_before = hears == "before";
    return {};
  }
  if (hears != "x" && hears != "y") {
    return wrong(fmt::format("\"hears\" must be \"before\" or \"after\", or while blind \"x\" or \"y\"; it is {}.",
                             shown(Json(hears))));
  }
  if (!is_hidden) return wrong("\"x\" and \"y\" are for a blind comparison; begin one first.");
  compare.hears_before = (hears == "x") == compare.is_x_before;
  return {};
}

Result<void> set_compare(Comparison& compare, const Message& message, bool coin) {
  const auto is_on = message.flag("on", compare.is_on);
  if (!is_on) return tl::unexpected(is_on.error());
  const auto is_blind = message.flag("blind", compare.is_blind);
  if (!is_blind) return tl::unexpected(is_blind.error());
  const auto reveals = message.flag("reveal", false);
  if (!reveals) return tl::unexpected(reveals.error());
  if (!*is_on) {
    compare = {};
    if (*is_blind && message.has("blind")) return wrong("A blind comparison must be on.");
    return {};
  }
  const bool begins_blind = *is_blind && (!compare.is_blind || !compare.is_on);
  compare.is_on = true;
  if (!*is_blind) compare.is_revealed = true;
  compare.is_blind = *is_blind;
  if (begins_blind) {
    compare.is_x_before = coin;
    compare.is_revealed = false;
    compare.hears_before = coin;  // x.
  }
  if (*reveals) compare.is_revealed = true;
  if (!message.has("hears")) return {};
  const auto hears = message.text("hears");
  if (!hears) return tl::unexpected(hears.error());
  return set_hears(compare, *hears);
}

}  // namespace

bool is_listening_command(const std::string& command) {
  return std::ranges::find(command_names, command) != command_names.end();
}

Result<Listening> listened(const std::string& command, const Message& message, Listening now,
                           const StageTable& table, bool coin) {
  Result<void> done;
  if (command == "mute") {
    done = set_mute(now, message, table);
  } else if (command == "solo") {
    done = set_solo(now, message, table);
  } else if (command == "dim") {
    done = set_flag(now.is_dim, message);
  } else if (command == "mono") {
    done = set_flag(now.is_mono, message);
  } else if (command == "tap") {
    done = set_tap(now, message, table);
  } else {
    done = set_compare(now.compare, message, coin);
  }
  if (!done) return tl::unexpected(done.error());
  return now;
}

void match(Comparison& compare, Lufs before, Lufs after, Db before_peak, Db after_peak, Db ceiling) {
  compare.after_less_before_lu = compare.before_db = compare.after_db = 0.0;
  if (std::isfinite(before.value) && std::isfinite(after.value)) {
    compare.after_less_before_lu = (after - before).value;
    compare.after_db = std::min(0.0, -compare.after_less_before_lu);
    compare.before_db = std::min(0.0, compare.after_less_before_lu);
  }
  const double over = std::max(before_peak.value + compare.before_db, after_peak.value + compare.after_db) -
                      ceiling.value;
  if (!(over > 0.0) || !std::isfinite(over)) return;
  compare.before_db -= over;
  compare.after_db -= over;
}

Json to_json(const Comparison& compare) {
  std::string_view hears = compare.hears_before ? "before" : "after";
  if (compare.is_blind && !compare.is_revealed) hears = compare.hears_before == compare.is_x_before ? "x" : "y";
  return {{"on", compare.is_on},
          {"blind", compare.is_blind},
          {"hears", hears},
          {"matched_db", compare.is_on ? compare.after_less_before_lu : 0.0},
          {"revealed", compare.is_revealed}};
}

std::string_view to_string(LiveTap tap) { return tap_names[static_cast<std::size_t>(tap)]; }

Json monitor_json(const Listening& listening, const StageTable& table) {
  Json tap;
  if (listening.tap_strip) {
    tap = {{"strip", table.strips[*listening.tap_strip].id}, {"tap", to_string(listening.tap)}};
  }
  return {{"dim", listening.is_dim}, {"mono", listening.is_mono}, {"tap", std::move(tap)}};
}

}  // namespace gainstage::desk
