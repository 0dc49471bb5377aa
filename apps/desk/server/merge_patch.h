// SPDX-License-Identifier: MIT
// JSON Merge Patch (RFC 7396), both ways. A member that is null and one that is absent are the same.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace gainstage::desk {

using Json = nlohmann::json;

/// What makes `to` of `from`; none where they are the same.
std::optional<Json> merge_diff(const Json& from, const Json& to);

/// Applies a patch in place, but leaves a member that the patch removes as null: so who asks for the whole
/// sees every field.
void merge_keeping_nulls(Json& target, const Json& patch);

}  // namespace gainstage::desk
