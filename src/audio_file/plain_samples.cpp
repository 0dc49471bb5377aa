// SPDX-License-Identifier: MIT
#include "audio_file/plain_samples.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "audio_file/promised_data.h"

namespace gainstage {

namespace {

// A call of the system costs as much as reading some ten kilobytes; much more than this leaves the second
// cache.
constexpr std::size_t ahead_bytes = 256 * 1024;
constexpr std::size_t worth_mapping_bytes = 64 * 1024;

struct Plain {
  PackedSample kind;
  unsigned tag;
};

std::optional<Plain> plain_kind(int format) {
  using enum PackedSample;
  const int container = format & SF_FORMAT_TYPEMASK;
  if (container != SF_FORMAT_WAV && container != SF_FORMAT_WAVEX && container != SF_FORMAT_RF64)
    return std::nullopt;
  if ((format & SF_FORMAT_ENDMASK) == SF_ENDIAN_BIG) return std::nullopt;
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
      return Plain{unsigned8, WaveFormat::integers};
    case SF_FORMAT_PCM_16:
      return Plain{signed16, WaveFormat::integers};
    case SF_FORMAT_PCM_24:
      return Plain{signed24, WaveFormat::integers};
    case SF_FORMAT_PCM_32:
      return Plain{signed32, WaveFormat::integers};
    case SF_FORMAT_FLOAT:
      return Plain{float32, WaveFormat::floats};
    case SF_FORMAT_DOUBLE:
      return Plain{float64, WaveFormat::floats};
    default:
      return std::nullopt;
  }
}

std::size_t read_fully(int descriptor, std::uint64_t offset, std::span<std::byte> to, int& error) {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t got =
        pread(descriptor, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace

PlainSamples::PlainSamples(int descriptor, PackedSample kind, std::size_t channels, Frames frames)
    : descriptor_(descriptor),
      kind_(kind),
      channels_(channels),
      frame_bytes_(channels * bytes_of(kind)),
      frames_(frames) {}

PlainSamples::~PlainSamples() {
  if (!mapped_.empty()) munmap(mapped_.data(), mapped_.size());
  if (descriptor_ >= 0) close(descriptor_);
}

std::unique_ptr<PlainSamples> PlainSamples::open(const std::string& path, SNDFILE* file,
                                                 const SF_INFO& info) {
  const auto plain = plain_kind(info.format);
  if (!plain || info.frames < 1) return nullptr;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  const auto channels = static_cast<std::size_t>(info.channels);
  std::unique_ptr<PlainSamples> samples(new PlainSamples(descriptor, plain->kind, channels, info.frames));

  const auto promised = promised_data([&](std::uint64_t offset, std::span<std::byte> to) {
    int ignored = 0;
    return read_fully(descriptor, offset, to, ignored);
  });
  if (!promised || !promised->format) return nullptr;
  const WaveFormat& format = *promised->format;
  const std::size_t sample_bytes = bytes_of(plain->kind);
  if (format.tag != plain->tag || format.channels != channels || format.bits != 8 * sample_bytes ||
      format.frame_bytes != samples->frame_bytes_) {
    return nullptr;
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return nullptr;
  const auto file_bytes = static_cast<std::uint64_t>(status.st_size);
  std::uint64_t data_bytes = file_bytes - std::min(file_bytes, promised->offset);
  if (promised->bytes) data_bytes = std::min(data_bytes, *promised->bytes);
  if (data_bytes / samples->frame_bytes_ != static_cast<std::uint64_t>(info.frames)) return nullptr;
  samples->offset_ = promised->offset;
  if (!samples->agrees_with(file)) return nullptr;
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  samples->map();
  return samples;
}

// Reads a little from both ends in both ways.
bool PlainSamples::agrees_with(SNDFILE* file) {
  constexpr Frames most = 32;
  const auto frames = static_cast<std::size_t>(std::min(most, frames_));
  AudioBuffer ours(channels_, frames);
  std::vector<float> theirs(channels_ * frames);
  std::vector<std::byte> bytes(frames * frame_bytes_);
  for (const Frames at : {Frames{0}, frames_ - static_cast<Frames>(frames)}) {
    const auto count = static_cast<sf_count_t>(frames);
    if (sf_seek(file, at, SEEK_SET) != at || sf_readf_float(file, theirs.data(), count) != count)
      return false;
    if (read_at(at, bytes) != frames) return false;
    unpack(kind_, bytes, ours.view());
    for (std::size_t c = 0; c < channels_; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        if (std::memcmp(&ours.view().channel(c)[i], &theirs[i * channels_ + c], sizeof(float)) != 0)
          return false;
      }
    }
  }
  return true;
}

std::size_t PlainSamples::read_at(Frames frame, std::span<std::byte> out) {
  const std::uint64_t offset = offset_ + static_cast<std::uint64_t>(frame) * frame_bytes_;
  return read_fully(descriptor_, offset, out, error_) / frame_bytes_;
}

void PlainSamples::map() {
  const std::uint64_t bytes = offset_ + static_cast<std::uint64_t>(frames_) * frame_bytes_;
  if (bytes > std::numeric_limits<std::size_t>::max()) return;
  void* const at = mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ, MAP_PRIVATE, descriptor_, 0);
  if (at == MAP_FAILED) return;
  mapped_ = {static_cast<std::byte*>(at), static_cast<std::size_t>(bytes)};
  madvise(at, mapped_.size(), MADV_SEQUENTIAL);
}

// The system may bring in all of the large page around the one that is touched, also what was let go of
// before: so of the usual large pages only those that lie behind as a whole are let go. Who reads all tracks
// of a session in turn holds so much of each.
void PlainSamples::let_go_of_read() {
  const std::size_t here = next_byte() / held_bytes_ * held_bytes_;
  kept_from_ = std::min(kept_from_, here);
  if (here == kept_from_) return;
  madvise(mapped_.data() + kept_from_, here - kept_from_, MADV_DONTNEED);
  kept_from_ = here;
}

// Touching a page that is not there any more would end the program: a file that has become shorter is seen
// before. Bringing pages in costs the system less when they are touched than when it is asked to, and letting
// go of many at once less than of few.
std::span<const std::byte> PlainSamples::pages(std::size_t frames) {
  const std::size_t bytes = frames * frame_bytes_;
  const std::size_t first = next_byte();
  if (mapped_.empty()) return {};
  // Asked so, the length costs a third of what all that the system knows of a file does.
  const off_t end = lseek(descriptor_, 0, SEEK_END);
  if (end < 0 || static_cast<std::uint64_t>(end) < first + bytes) return {};
  return mapped_.subspan(first, bytes);
}

std::span<const std::byte> PlainSamples::ahead(std::size_t frames) {
  if (static_cast<Frames>(frames) > frames_ - position_) return {};
  const std::span<const std::byte> bytes = pages(frames);
  // A page that was never touched has no address yet that could be fetched from.
  constexpr std::size_t brought_in_at_least = 64 * 1024;
  const auto touch = [&](std::size_t at) {
    static_cast<void>(*static_cast<const volatile std::byte*>(&bytes[at]));
  };
  for (std::size_t at = 0; at < bytes.size(); at += brought_in_at_least) touch(at);
  if (!bytes.empty()) touch(bytes.size() - 1);
  asked_until_ = position_ + static_cast<Frames>(bytes.size() / frame_bytes_);
  return bytes;
}

void PlainSamples::copy_ahead(std::size_t frames) {
  frames = static_cast<std::size_t>(std::min(static_cast<Frames>(frames), frames_ - position_));
  copy_.resize(std::max(copy_.size(), frames * frame_bytes_));
  copy_first_ = position_;
  copy_end_ =
      position_ + static_cast<Frames>(read_at(position_, std::span(copy_).first(frames * frame_bytes_)));
}

std::span<const std::byte> PlainSamples::copied(std::size_t frames) const {
  if (position_ < copy_first_ || position_ >= copy_end_) return {};
  const auto there = static_cast<std::size_t>(copy_end_ - position_);
  const auto from = static_cast<std::size_t>(position_ - copy_first_);
  return std::span(copy_).subspan(from * frame_bytes_, std::min(frames, there) * frame_bytes_);
}

std::span<const std::byte> PlainSamples::read_packed(std::size_t frames) {
  frames = static_cast<std::size_t>(std::min(static_cast<Frames>(frames), frames_ - position_));
  if (frames == 0) return {};
  if (!mapped_.empty()) let_go_of_read();
  std::span<const std::byte> bytes = pages(frames);
  is_in_place_ = !bytes.empty();
  if (!is_in_place_) {
    copy_ahead(frames);
    bytes = copied(frames);
  }
  position_ += static_cast<Frames>(bytes.size() / frame_bytes_);
  return bytes;
}

std::size_t PlainSamples::read(AudioView<float> out) {
  const std::size_t ahead_frames = std::max<std::size_t>(1, ahead_bytes / frame_bytes_);
  std::size_t done = 0;
  while (done < out.frames && position_ < frames_) {
    const std::size_t left = out.frames - done;
    std::span<const std::byte> bytes = copied(left);
    if (!bytes.empty()) {
      position_ += static_cast<Frames>(bytes.size() / frame_bytes_);
    } else if (left * frame_bytes_ >= worth_mapping_bytes) {
      bytes = read_packed(std::min(left, ahead_frames));
      if (bytes.empty()) break;
    } else {
      copy_ahead(ahead_frames);
      if (copied(1).empty()) break;
      continue;
    }
    const std::size_t frames = bytes.size() / frame_bytes_;
    unpack(kind_, bytes, out.section(done, frames),
           position_ <= asked_until_ ? Fetching::was_asked : Fetching::ask);
    done += frames;
  }
  // Not when the next are read: of every track of a session there would be two large pages until then.
  if (!mapped_.empty()) let_go_of_read();
  return done;
}

}  // namespace gainstage
