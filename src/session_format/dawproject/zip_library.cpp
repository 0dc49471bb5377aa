// SPDX-License-Identifier: MIT
#include "session_format/dawproject/zip_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cassert>
#include <string>
#include <type_traits>

namespace gainstage {
namespace {

struct Loaded {
  ZipLibrary zip{};
  std::string problem;  ///< Empty where all is there.
};

Loaded load() {
  Loaded loaded;
  ZipLibrary& zip = loaded.zip;
  void* const library = dlopen(GAINSTAGE_ZIP_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    loaded.problem = dlerror();
    return loaded;
  }
  const auto find = [&](auto& function, const char* name) {
    void* const symbol = dlsym(library, name);
    if (symbol == nullptr) loaded.problem = fmt::format("it has no {}", name);
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
  };
  find(zip.close, "zip_close");
  find(zip.discard, "zip_discard");
  find(zip.error_fini, "zip_error_fini");
  find(zip.error_init, "zip_error_init");
  find(zip.error_strerror, "zip_error_strerror");
  find(zip.fclose, "zip_fclose");
  find(zip.file_add, "zip_file_add");
  find(zip.file_replace, "zip_file_replace");
  find(zip.file_set_dostime, "zip_file_set_dostime");
  find(zip.file_set_mtime, "zip_file_set_mtime");
  find(zip.file_strerror, "zip_file_strerror");
  find(zip.fopen_index, "zip_fopen_index");
  find(zip.fread, "zip_fread");
  find(zip.get_name, "zip_get_name");
  find(zip.get_num_entries, "zip_get_num_entries");
  find(zip.open_from_source, "zip_open_from_source");
  find(zip.set_file_compression, "zip_set_file_compression");
  find(zip.source_buffer, "zip_source_buffer");
  find(zip.source_buffer_create, "zip_source_buffer_create");
  find(zip.source_close, "zip_source_close");
  find(zip.source_free, "zip_source_free");
  find(zip.source_keep, "zip_source_keep");
  find(zip.source_open, "zip_source_open");
  find(zip.source_read, "zip_source_read");
  find(zip.source_stat, "zip_source_stat");
  find(zip.stat_index, "zip_stat_index");
  find(zip.stat_init, "zip_stat_init");
  find(zip.strerror, "zip_strerror");
  return loaded;
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

Result<void> load_zip_library() {
  if (loaded().problem.empty()) return {};
  return failure(ErrorCode::io,
                 fmt::format("The library that reads zip archives, {}, can't be used: {}. Install it.",
                             GAINSTAGE_ZIP_LIBRARY, loaded().problem));
}

const ZipLibrary& zip_library() {
  assert(loaded().problem.empty());
  return loaded().zip;
}

}  // namespace gainstage
