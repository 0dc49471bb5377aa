// SPDX-License-Identifier: MIT
#include "audio_file/audio_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <system_error>

#include "audio_file/file_length.h"
#include "audio_file/plain_samples.h"
#include "audio_file/sound_file.h"

namespace gainstage {

namespace {

constexpr int min_rate_hz = 8'000;
constexpr int max_rate_hz = 384'000;
constexpr int max_channels = 64;
constexpr std::size_t buffer_samples = 64 * 1024;

tl::unexpected<Error> unusable(const std::string& path, std::string sentence) {
  return failure(ErrorCode::bad_input, std::move(sentence), {.file = path});
}

Result<void> check_is_file_with_bytes(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR)
      return unusable(path, "There is no such file; check the path.");
    if (reason == ELOOP) return unusable(path, "This is a symbolic link that leads back to itself.");
    return failure(ErrorCode::io,
                   fmt::format("The file can't be looked at: {}.", std::generic_category().message(reason)),
                   {.file = path});
  }
  if (S_ISDIR(status.st_mode)) return unusable(path, "This is a folder; expected an audio file.");
  if (!S_ISREG(status.st_mode)) {
    return unusable(path,
                    "This is a pipe or a device; expected an audio file, which can be read from any place.");
  }
  if (status.st_size == 0) return unusable(path, "The file is empty (0 bytes); export it again.");
  return {};
}

// libsndfile looks at the numbers of a header before we can.
std::string refusal_sentence(const std::string& message) {
  if (message.find("Channel count is zero") != message.npos) {
    return "The header says there are no channels; export the file again.";
  }
  if (message.find("SF_INFO struct incomplete") != message.npos) {
    return "The header gives no sample rate or channel count that can be; export the file again.";
  }
  return fmt::format(
      "This can't be read as audio: {}. Export it again, as WAV, AIFF, CAF, FLAC, Ogg, Opus or MP3.",
      message);
}

Result<void> check_format(const std::string& path, const SF_INFO& info) {
  if (info.channels < 1)
    return unusable(path, "The header says there are no channels; export the file again.");
  if (info.channels > max_channels) {
    return unusable(
        path, fmt::format("The file has {} channels; at most {} can be read.", info.channels, max_channels));
  }
  if (info.samplerate <= 0) return unusable(path, "The header gives no sample rate; export the file again.");
  if (info.samplerate < min_rate_hz || info.samplerate > max_rate_hz) {
    return unusable(path, fmt::format("The sample rate is {} Hz; from {} to {} Hz can be read.",
                                      info.samplerate, min_rate_hz, max_rate_hz));
  }
  return {};
}

}  // namespace

double AudioFileInfo::ceiling() const {
  if (kind == SampleKind::floating) return 1.0;
  return static_cast<float>(1.0 - std::ldexp(1.0, 1 - bits));
}

struct AudioReader::State {
  std::unique_ptr<PlainSamples> plain;
  SoundFile file;  // Null where `plain` reads.
  AudioFileInfo info;
  LengthFrom length_from = LengthFrom::bytes;
  Frames position = 0;
  std::vector<float> interleaved;

  std::size_t buffer_frames() const { return interleaved.size() / info.channels(); }

  tl::unexpected<Error> damaged(Frames at, const std::string& reason) const {
    const double second = static_cast<double>(at) / info.sample_rate_hz;
    return failure(ErrorCode::bad_input,
                   fmt::format("The file is damaged near {:.3f} s: {}. Export it again.", second, reason),
                   {.file = info.path, .seconds = second});
  }

  // After `plain` was asked for some frames and gave fewer or all.
  Result<void> note_plain(bool is_all) {
    position = plain->position();
    if (is_all) return {};
    if (plain->error() != 0) return damaged(position, std::generic_category().message(plain->error()));
    note_end();
    return {};
  }

  Result<std::size_t> read_plain(AudioView<float> block) {
    const std::size_t got = plain->read(block);
    if (auto noted = note_plain(got == block.frames); !noted) return tl::unexpected(noted.error());
    return got;
  }

  // The file had fewer frames than open() found; an estimate may have been too long, anything else is
  // truncated.
  void note_end() {
    if (position >= info.frames) return;
    if (length_from != LengthFrom::estimate) {
      info.missing_frames += info.frames - position;
      info.is_truncated = true;
    }
    info.frames = position;
  }
};

AudioReader::AudioReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

Result<AudioReader> AudioReader::open(const std::string& path) {
  if (auto looked = check_is_file_with_bytes(path); !looked) return tl::unexpected(looked.error());
  OpenedSoundFile opened = open_sound_file(path);
  if (!opened.file) {
    if (std::string sentence = truncation_sentence(path); !sentence.empty()) return unusable(path, sentence);
    return unusable(path, refusal_sentence(opened.message));
  }
  if (auto checked = check_format(path, opened.info); !checked) return tl::unexpected(checked.error());
  auto length = find_length(path, opened.info);
  if (!length) return tl::unexpected(length.error());

  auto state = std::make_unique<State>();
  const StoredSamples stored = stored_samples(opened.info.format);
  state->info.path = path;
  state->info.container = container_name(opened.info.format);
  state->info.kind = stored.kind;
  state->info.bits = stored.bits;
  state->info.sample_rate_hz = opened.info.samplerate;
  state->info.frames = length->frames;
  state->info.missing_frames = length->missing_frames;
  state->info.is_truncated = length->is_truncated;
  FilePositions found = channel_positions(opened.file.get(), opened.info);
  state->info.layout = speakers_at(found.positions);
  state->info.positions = std::move(found.positions);
  state->info.are_positions_known = found.are_known;
  state->length_from = length_from(opened.info.format);
  state->plain = PlainSamples::open(path, opened.file.get(), opened.info);
  if (state->plain) return AudioReader(std::move(state));
  state->interleaved.resize(buffer_samples - buffer_samples % state->info.channels());
  state->file = std::move(opened.file);
  return AudioReader(std::move(state));
}

const AudioFileInfo& AudioReader::info() const { return state_->info; }

Result<std::size_t> AudioReader::read(AudioView<float> block) {
  State& s = *state_;
  const std::size_t channels = s.info.channels();
  assert(block.channels.size() == channels);
  if (s.plain) return s.read_plain(block);
  std::size_t done = 0;
  while (done < block.frames) {
    const std::size_t wanted = std::min(s.buffer_frames(), block.frames - done);
    const sf_count_t got =
        sf_readf_float(s.file.get(), s.interleaved.data(), static_cast<sf_count_t>(wanted));
    const auto frames =
        static_cast<std::size_t>(std::clamp<sf_count_t>(got, 0, static_cast<sf_count_t>(wanted)));
    const Frames reached = s.position + static_cast<Frames>(frames);
    const bool is_known_end = s.info.is_truncated && reached == s.info.frames;
    if (sf_error(s.file.get()) != SF_ERR_NO_ERROR && !is_known_end) {
      return s.damaged(reached, sound_file_message(sf_strerror(s.file.get())));
    }
    for (std::size_t c = 0; c < channels; ++c) {
      float* to = block.channels[c] + block.first + done;
      const float* from = s.interleaved.data() + c;
      for (std::size_t i = 0; i < frames; ++i) to[i] = from[i * channels];
    }
    done += frames;
    s.position = reached;
    if (frames < wanted) {
      s.note_end();
      break;
    }
  }
  return done;
}

std::optional<PackedSample> AudioReader::packed() const {
  return state_->plain ? std::optional(state_->plain->kind()) : std::nullopt;
}

Result<std::span<const std::byte>> AudioReader::read_packed(std::size_t frames) {
  State& s = *state_;
  assert(s.plain);
  const std::span<const std::byte> bytes = s.plain->read_packed(frames);
  const bool is_all = bytes.size() == frames * s.plain->frame_bytes();
  if (auto noted = s.note_plain(is_all); !noted) return tl::unexpected(noted.error());
  return bytes;
}

void AudioReader::hold(std::size_t bytes) {
  if (state_->plain) state_->plain->hold(bytes);
}

std::span<const std::byte> AudioReader::ahead(std::size_t frames) {
  return state_->plain ? state_->plain->ahead(frames) : std::span<const std::byte>();
}

bool AudioReader::is_in_place() const { return state_->plain && state_->plain->is_in_place(); }

Result<void> AudioReader::seek(Frames frame) {
  State& s = *state_;
  const bool is_there =
      s.plain ? frame >= 0 && frame <= s.plain->frames() : sf_seek(s.file.get(), frame, SEEK_SET) == frame;
  if (!is_there) {
    const double second = static_cast<double>(frame) / s.info.sample_rate_hz;
    const std::string reason = s.plain ? fmt::format("it has {} frames", s.plain->frames())
                                       : sound_file_message(sf_strerror(s.file.get()));
    return failure(ErrorCode::bad_input,
                   fmt::format("The file can't be read from {:.3f} s on: {}.", second, reason),
                   {.file = s.info.path, .seconds = second});
  }
  if (s.plain) s.plain->seek(frame);
  s.position = frame;
  return {};
}

}  // namespace gainstage
