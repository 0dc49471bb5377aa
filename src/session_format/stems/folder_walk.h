// SPDX-License-Identifier: MIT
// What lies in a folder and the folders in it, each thing once, however symbolic links go. For stems only.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace gainstage {

struct FoundFile {
  std::string path = {};
  std::string relative = {};  ///< Within the folder, raw bytes.
  std::string same_as = {};   ///< Of a symbolic link, not empty: the relative path of the same file.
  int unreachable = 0;        ///< Not 0: the errno with which it can't be looked at (a dangling link).
};

struct FolderWalk {
  std::vector<FoundFile> files;          ///< Sorted by relative path.
  std::vector<std::string> seen_again;   ///< Links to folders that are read already.
  std::vector<std::string> own_outputs;  ///< Folders this program has written a mix to; not entered.
  bool is_own_output = false;            ///< The folder itself is one.
  std::vector<Error> unreadable;         ///< Folders that can't be listed.
};

/// Hidden names are left out. Real files and folders win over symbolic links to them; hard links are files
/// each. Error: the folder itself can't
/// be listed.
Result<FolderWalk> walk_folder(const std::string& folder);

}  // namespace gainstage
