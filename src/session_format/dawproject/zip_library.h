// SPDX-License-Identifier: MIT
// libzip, loaded when a zip archive is there to be read. For this folder only.
//
// It brings libcrypto with it, for encryption that no session has: linked, the two would take more than a
// millisecond of every start of every program.
#pragma once

#include <zip.h>

#include "base/error.h"

namespace gainstage {

/// The library's functions, without their zip_.
struct ZipLibrary {
  decltype(&::zip_close) close;
  decltype(&::zip_discard) discard;
  decltype(&::zip_error_fini) error_fini;
  decltype(&::zip_error_init) error_init;
  decltype(&::zip_error_strerror) error_strerror;
  decltype(&::zip_fclose) fclose;
  decltype(&::zip_file_add) file_add;
  decltype(&::zip_file_replace) file_replace;
  decltype(&::zip_file_set_dostime) file_set_dostime;
  decltype(&::zip_file_set_mtime) file_set_mtime;
  decltype(&::zip_file_strerror) file_strerror;
  decltype(&::zip_fopen_index) fopen_index;
  decltype(&::zip_fread) fread;
  decltype(&::zip_get_name) get_name;
  decltype(&::zip_get_num_entries) get_num_entries;
  decltype(&::zip_open_from_source) open_from_source;
  decltype(&::zip_set_file_compression) set_file_compression;
  decltype(&::zip_source_buffer) source_buffer;
  decltype(&::zip_source_buffer_create) source_buffer_create;
  decltype(&::zip_source_close) source_close;
  decltype(&::zip_source_free) source_free;
  decltype(&::zip_source_keep) source_keep;
  decltype(&::zip_source_open) source_open;
  decltype(&::zip_source_read) source_read;
  decltype(&::zip_source_stat) source_stat;
  decltype(&::zip_stat_index) stat_index;
  decltype(&::zip_stat_init) stat_init;
  decltype(&::zip_strerror) strerror;
};

/// An error where it is not installed. [any]
Result<void> load_zip_library();

/// Only after load_zip_library() was fine. [any]
const ZipLibrary& zip_library();

}  // namespace gainstage
