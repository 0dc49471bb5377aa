// SPDX-License-Identifier: MIT
// The files of the desk's page, as bytes within the program.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gainstage::desk {

struct WebFile {
  std::string_view path;  ///< As a browser asks for it: "/assets/desk-Bx1.js"; the page itself is "/".
  std::string_view bytes;
};

/// Those of this build. Without the page (GAINSTAGE_HTML=OFF) one short page that says so. Thread: any.
std::span<const WebFile> web_files();

/// What the name's ending says; application/octet-stream where it says nothing.
std::string_view media_type(std::string_view path);

}  // namespace gainstage::desk
