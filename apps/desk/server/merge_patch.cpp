// SPDX-License-Identifier: MIT
#include "desk/server/merge_patch.h"

namespace gainstage::desk {
namespace {

/// The member, or null.
const Json& member(const Json& object, const std::string& name) {
  static const Json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

}  // namespace

std::optional<Json> merge_diff(const Json& from, const Json& to) {
  if (!from.is_object() || !to.is_object()) {
    if (from == to) return std::nullopt;
    return to;
  }
  Json patch = Json::object();
  for (const auto& [name, value] : to.items()) {
    if (auto part = merge_diff(member(from, name), value)) patch[name] = std::move(*part);
  }
  for (const auto& [name, value] : from.items()) {
    if (!value.is_null() && !to.contains(name)) patch[name] = nullptr;
  }
  if (patch.empty()) return std::nullopt;
  return patch;
}

void merge_keeping_nulls(Json& target, const Json& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = Json::object();
  for (const auto& [name, value] : patch.items()) merge_keeping_nulls(target[name], value);
}

}  // namespace gainstage::desk
