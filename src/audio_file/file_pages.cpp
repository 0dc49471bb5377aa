// SPDX-License-Identifier: MIT
#include "audio_file/file_pages.h"

#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace gainstage {
namespace {

// The system brings in this much around the page that is touched, and more where it keeps the file in larger
// pages.
constexpr std::uintptr_t brought_in_together = 64 * 1024;

// This process (PIDFD_SELF, Linux 6.14). An older system refuses it, or refuses MADV_DONTNEED here.
constexpr int this_process = -10000;

/// From the page of the first byte on, which is the file's; what lies before that page may be something
/// else's memory.
iovec whole_pages(std::span<const std::byte> bytes, std::uintptr_t page_bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t from = at / page_bytes * page_bytes;
  const std::uintptr_t to = (at + bytes.size()) / brought_in_together * brought_in_together;
  return {const_cast<std::byte*>(bytes.data()) - (at - from), to > from ? to - from : 0};
}

}  // namespace

void let_go(std::span<const std::span<const std::byte>> pages) {
  const auto page_bytes = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  std::array<iovec, 64> together;
  while (!pages.empty()) {
    std::size_t count = 0;
    std::size_t taken = 0;
    for (; taken < pages.size() && count < together.size(); ++taken) {
      together[count] = whole_pages(pages[taken], page_bytes);
      if (together[count].iov_len > 0) ++count;
    }
    pages = pages.subspan(taken);
    if (count == 0) continue;
    if (process_madvise(this_process, together.data(), count, MADV_DONTNEED, 0) >= 0) continue;
    for (std::size_t i = 0; i < count; ++i) {
      madvise(together[i].iov_base, together[i].iov_len, MADV_DONTNEED);
    }
  }
}

}  // namespace gainstage
