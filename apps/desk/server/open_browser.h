// SPDX-License-Identifier: MIT
// Opens the user's browser, without showing the token to the machine's other users.
#pragma once

#include <string>

namespace gainstage::desk {

/// A file only the user can read, that leads to the desk: the words of a program that is started (xdg-open,
/// the browser) can be seen by everybody on the machine, and the address has the token. Removed with this.
class BrowserFile {
 public:
  explicit BrowserFile(const std::string& url);
  ~BrowserFile();
  BrowserFile(const BrowserFile&) = delete;
  BrowserFile& operator=(const BrowserFile&) = delete;

  /// Has xdg-open open it. Where there is none, or no screen, nothing happens: the address is printed anyway.
  void open() const;
  const std::string& path() const { return path_; }  ///< Empty: it could not be written.

 private:
  std::string path_;
};

}  // namespace gainstage::desk
