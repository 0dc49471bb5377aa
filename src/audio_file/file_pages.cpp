// SPDX-License-Identifier: MIT
#include "audio_file/file_pages.h"

#include <sys/mman.h>
#include <sys/uio.h>

#include <array>
#include <cstdint>

namespace gainstage {
namespace {

// The system brings in this much around the page that is touched, and more where it keeps the file in larger
// pages.
constexpr std::uintptr_t brought_in_together = 64 * 1024;

// This process (PIDFD_SELF, Linux 6.14). An older system refuses it, or refuses MADV_DONTNEED here.
constexpr int this_process = -10000;

iovec whole_pages(std::span<const std::byte> bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t from = at / brought_in_together * brought_in_together;
  const std::uintptr_t to = (at + bytes.size()) / brought_in_together * brought_in_together;
  // What lies before in the same pages was looked at before, or is brought in again.
  return {const_cast<std::byte*>(bytes.data()) - (at - from), to > from ? to - from : 0};
}

}  // namespace

void let_go(std::span<const std::span<const std::byte>> pages) {
  std::array<iovec, 64> together;
  while (!pages.empty()) {
    std::size_t count = 0;
    std::size_t taken = 0;
    for (; taken < pages.size() && count < together.size(); ++taken) {
      together[count] = whole_pages(pages[taken]);
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
