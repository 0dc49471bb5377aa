// SPDX-License-Identifier: MIT
#include "audio_file/file_length.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <vector>

#include "audio_file/flac_frames.h"
#include "audio_file/mpeg_frames.h"
#include "audio_file/promised_data.h"

namespace gainstage {

namespace {

constexpr Frames unknown_frames = SF_COUNT_MAX;
constexpr std::size_t buffer_samples = 64 * 1024;

class ByteFile {
 public:
  explicit ByteFile(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~ByteFile() {
    if (file_ >= 0) close(file_);
  }
  ByteFile(const ByteFile&) = delete;
  ByteFile& operator=(const ByteFile&) = delete;

  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
    const ssize_t got = pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  std::uint64_t position() const {
    return static_cast<std::uint64_t>(std::max<off_t>(lseek(file_, 0, SEEK_CUR), 0));
  }
  int descriptor() const { return file_; }
  std::uint64_t size() const {
    struct stat status {};
    return fstat(file_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }

 private:
  int file_;
};

ReadAt reading(const ByteFile& file) {
  return [&file](std::uint64_t at, std::span<std::byte> to) { return file.read_at(at, to); };
}

FileLength with_missing(Frames frames, Frames missing_frames) {
  return {frames, std::max<Frames>(missing_frames, 0), missing_frames > 0};
}

Result<FileLength> length_from_bytes(const std::string& path, const SF_INFO& info) {
  const FileLength present{std::max<Frames>(info.frames, 0)};
  const ByteFile file(path);
  const auto promised = promised_data(reading(file));
  const int container = info.format & SF_FORMAT_TYPEMASK;
  if (!promised) {
    const bool must_have_data = container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX ||
                                container == SF_FORMAT_RF64 || container == SF_FORMAT_W64;
    return FileLength{present.frames, 0, must_have_data && present.frames == 0};  // Cut before the samples.
  }
  const std::uint64_t present_bytes = file.size() - std::min(file.size(), promised->offset);
  if (!promised->bytes) {
    if (container != SF_FORMAT_RF64 || present.frames > 0 || present_bytes == 0) return present;
    return failure(
        ErrorCode::bad_input,
        fmt::format("The header gives no length, but {} bytes follow it: the recording was not closed. Open "
                    "it in an audio editor and save it again.",
                    present_bytes),
        {.file = path});
  }
  if (*promised->bytes <= present_bytes) return present;
  double frame_bytes = static_cast<double>(stored_samples(info.format).bytes) * info.channels;
  if (frame_bytes == 0.0) {  // A codec of blocks: as many bytes a frame as in the part that is there.
    if (present.frames == 0 || present_bytes == 0) return present;
    frame_bytes = static_cast<double>(present_bytes) / static_cast<double>(present.frames);
  }
  const double promised_frames = std::min(static_cast<double>(*promised->bytes) / frame_bytes, 0x1p52);
  return with_missing(present.frames, static_cast<Frames>(promised_frames) - present.frames);
}

// Whether the last frame is where it should be.
bool has_its_end(SNDFILE* file, const SF_INFO& info) {
  if (info.frames <= 0) return info.frames == 0;
  std::vector<float> frame(static_cast<std::size_t>(info.channels));
  return sf_seek(file, info.frames - 1, SEEK_SET) == info.frames - 1 &&
         sf_readf_float(file, frame.data(), 1) == 1 && sf_error(file) == SF_ERR_NO_ERROR;
}

struct Count {
  Frames frames = 0;  // Up to the damage, if there is any.
  bool is_damaged = false;
};

// Whether there is more behind the place at which a decoder failed.
bool goes_on(const ByteFile& bytes, SNDFILE* file, const SF_INFO& info, std::span<float> samples,
             Frames decoded) {
  const auto frames = static_cast<sf_count_t>(samples.size()) / info.channels;
  if (sf_readf_float(file, samples.data(), frames) > 0) return true;
  if (length_from(info.format) != LengthFrom::header) return bytes.position() < bytes.size();
  // libFLAC goes back to look for the next frame, so where it stands means little. The frame that is cut
  // begins at `decoded`; one that begins later shows that the file does not end here.
  constexpr std::uint64_t looked_back = 64 * 1024;
  return has_flac_frame_after(reading(bytes), bytes.position() - std::min(bytes.position(), looked_back),
                              decoded + 1);
}

// Decodes from the start to the end. A decoder that fails with nothing behind met the end of a truncated
// file.
Count count_frames(const ByteFile& bytes, SNDFILE* file, const SF_INFO& info) {
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> samples(buffer_samples - buffer_samples % channels);
  const auto buffer_frames = static_cast<sf_count_t>(samples.size() / channels);
  Count count;
  for (;;) {
    const sf_count_t got = sf_readf_float(file, samples.data(), buffer_frames);
    count.frames += std::clamp<sf_count_t>(got, 0, buffer_frames);
    if (sf_error(file) != SF_ERR_NO_ERROR) {
      count.is_damaged = count.frames == 0 || goes_on(bytes, file, info, samples, count.frames);
      return count;
    }
    if (got < buffer_frames) return count;
  }
}

// The decoder ends at the length it believes in; it must not be too short.
Result<std::optional<MpegFrames>> look_at_mpeg(const std::string& path, const SF_INFO& info) {
  const ByteFile file(path);
  const auto found = count_mpeg_frames(reading(file));
  constexpr Frames tolerated = 2 * 1152;
  if (found && !found->promised && info.frames + tolerated < found->present) {
    return failure(
        ErrorCode::bad_input,
        fmt::format("This MP3 has a variable bit rate and no index, so that only the first {:.1f} s of its "
                    "{:.1f} s can be read; convert it to WAV or FLAC.",
                    static_cast<double>(info.frames) / info.samplerate,
                    static_cast<double>(found->present) / info.samplerate),
        {.file = path});
  }
  return found;
}

}  // namespace

std::string truncation_sentence(const std::string& path) {
  const ByteFile file(path);
  const auto promised = promised_data(reading(file));
  if (!promised || !promised->bytes) return "";
  const std::uint64_t present_bytes = file.size() - std::min(file.size(), promised->offset);
  if (*promised->bytes <= present_bytes) return "";
  return fmt::format(
      "The file is cut off: its header promises {} bytes of samples and {} are there; export it again.",
      *promised->bytes, present_bytes);
}

Result<FileLength> find_length(const std::string& path, const SF_INFO& info) {
  const LengthFrom from = length_from(info.format);
  if (from == LengthFrom::bytes) return length_from_bytes(path, info);

  std::optional<MpegFrames> mpeg;
  if (from == LengthFrom::estimate) {
    auto looked = look_at_mpeg(path, info);
    if (!looked) return tl::unexpected(looked.error());
    mpeg = *looked;
  }
  const Frames promised = info.frames;
  const bool is_known = promised != unknown_frames;
  if (is_known && from == LengthFrom::last_page) return FileLength{promised};
  if (is_known) {
    const ByteFile bytes(path);
    const OpenedSoundFile probe = open_sound_file(bytes.descriptor());
    if (probe.file && has_its_end(probe.file.get(), info)) {
      if (from != LengthFrom::header || !has_flac_frame_after(reading(bytes), bytes.position(), promised)) {
        return FileLength{promised};
      }
      return failure(
          ErrorCode::bad_input,
          fmt::format("The header says {:.3f} s, but more audio follows, which would be lost; decode and "
                      "encode the file again.",
                      static_cast<double>(promised) / info.samplerate),
          {.file = path});
    }
  }

  const ByteFile bytes(path);
  const OpenedSoundFile whole = open_sound_file(bytes.descriptor());
  if (!whole.file) {
    return failure(ErrorCode::io,
                   fmt::format("The file could be opened once, but not again: {}.", whole.message),
                   {.file = path});
  }
  const Count count = count_frames(bytes, whole.file.get(), info);
  if (count.is_damaged)
    return FileLength{is_known ? promised : count.frames};  // Reading says where the damage is.
  if (from == LengthFrom::header) return with_missing(count.frames, is_known ? promised - count.frames : 0);
  if (from == LengthFrom::last_page) return FileLength{count.frames, 0, true};  // Ogg marks its last page.
  return with_missing(count.frames, mpeg && mpeg->promised ? *mpeg->promised - mpeg->present : 0);
}

}  // namespace gainstage
