// SPDX-License-Identifier: MIT
#include "history.h"

#include <algorithm>

namespace gainstage::desk {
namespace {

/// Both changes as one: `first`, then `second`.
ValuesChange together(ValuesChange first, const ValuesChange& second) {
  for (const ValuesChange::OfStrip& next : second.strips) {
    const auto same = std::ranges::find(first.strips, next.strip, &ValuesChange::OfStrip::strip);
    if (same == first.strips.end()) {
      first.strips.push_back(next);
    } else {
      same->after = next.after;
    }
  }
  if (second.common && first.common) {
    first.common->second = second.common->second;
  } else if (second.common) {
    first.common = second.common;
  }
  std::erase_if(first.strips, [](const ValuesChange::OfStrip& strip) { return strip.before == strip.after; });
  if (first.common && first.common->first == first.common->second) first.common.reset();
  return first;
}

}  // namespace

ValuesChange change_between(const DeskValues& before, const DeskValues& after) {
  ValuesChange change;
  for (std::size_t i = 0; i < before.strips.size(); ++i) {
    if (before.strips[i] != after.strips[i]) change.strips.push_back({i, before.strips[i], after.strips[i]});
  }
  if (before.common != after.common) change.common.emplace(before.common, after.common);
  return change;
}

void take_back(const ValuesChange& change, DeskValues& values) {
  for (const ValuesChange::OfStrip& strip : change.strips) values.strips[strip.strip] = strip.before;
  if (change.common) values.common = change.common->first;
}

void do_again(const ValuesChange& change, DeskValues& values) {
  for (const ValuesChange::OfStrip& strip : change.strips) values.strips[strip.strip] = strip.after;
  if (change.common) values.common = change.common->second;
}

void History::done(std::string name, const DeskValues& before, const DeskValues& after,
                   std::optional<double> gesture) {
  ValuesChange change = change_between(before, after);
  if (change.is_empty()) return;
  const bool continues = gesture && future_.empty() && !past_.empty() && past_.back().gesture == gesture;
  future_.clear();
  if (!continues) {
    past_.push_back({std::move(name), std::move(change), gesture});
    return;
  }
  past_.back().change = together(std::move(past_.back().change), change);
  past_.back().name = std::move(name);
  // A gesture that ends where it began has changed nothing; the next move of it begins anew.
  if (past_.back().change.is_empty()) past_.pop_back();
}

void History::amended(const DeskValues& before, const DeskValues& after) {
  if (past_.empty()) return;
  past_.back().change = together(std::move(past_.back().change), change_between(before, after));
}

bool History::undo(DeskValues& values) {
  if (past_.empty()) return false;
  take_back(past_.back().change, values);
  past_.back().gesture.reset();
  future_.push_back(std::move(past_.back()));
  past_.pop_back();
  if (!past_.empty()) past_.back().gesture.reset();
  return true;
}

bool History::redo(DeskValues& values) {
  if (future_.empty()) return false;
  do_again(future_.back().change, values);
  past_.push_back(std::move(future_.back()));
  future_.pop_back();
  return true;
}

std::optional<std::string> History::undo_name() const {
  return past_.empty() ? std::nullopt : std::optional(past_.back().name);
}

std::optional<std::string> History::redo_name() const {
  return future_.empty() ? std::nullopt : std::optional(future_.back().name);
}

void History::restore(std::vector<Entry> past, std::vector<Entry> future) {
  past_ = std::move(past);
  future_ = std::move(future);
}

}  // namespace gainstage::desk
