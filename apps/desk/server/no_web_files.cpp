// SPDX-License-Identifier: MIT
#include <array>

#include "desk/server/web_files.h"

namespace gainstage::desk {

std::span<const WebFile> web_files() {
  static constexpr std::array files{
      WebFile{"/",
              "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Gainstage</title>\n"
              "<h1>The desk has no page</h1>\n"
              "<p>This gainstage was built without its pages (GAINSTAGE_HTML=OFF). "
              "The API under /api/ and the WebSocket are there.</p></html>\n"}};
  return files;
}

}  // namespace gainstage::desk
