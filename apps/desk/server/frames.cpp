// SPDX-License-Identifier: MIT
#include "desk/server/frames.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "base/units.h"

namespace gainstage::desk {
namespace {

enum class FrameKind : std::uint8_t { audio = 1, meters = 2, scope = 3 };

/// Bytes in little endian, one after another.
class Writer {
 public:
  Writer(FrameKind kind, std::size_t bytes) {
    text_.reserve(bytes);
    number(static_cast<std::uint8_t>(kind));
  }

  template <typename T>
  void number(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
      number(std::bit_cast<Bits>(value));
    } else {
      using Bits = std::make_unsigned_t<T>;
      auto bits = static_cast<std::uint64_t>(static_cast<Bits>(value));
      for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8) text_.push_back(static_cast<char>(bits & 0xff));
    }
  }

  void floats(std::span<const float> values) {
    if constexpr (std::endian::native == std::endian::little) {
      text_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    } else {
      for (const float value : values) number(value);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::int16_t to_int16(float sample) {
  // 1.0 is one step over the greatest 16-bit sample. What is no number is silence.
  const float scaled = std::isnan(sample) ? 0.0f : std::clamp(sample * 32768.0f, -32768.0f, 32767.0f);
  return static_cast<std::int16_t>(std::lrint(scaled));
}

void write_level(Writer& writer, const LiveLevel& level) {
  for (const float value : {level.peak_dbfs, level.hold_dbfs, level.vu_db, level.momentary_lufs})
    writer.number(value);
}

}  // namespace

std::string audio_frame(const AudioChunk& chunk, SampleFormat format, std::uint32_t sequence) {
  constexpr std::uint8_t channels = 2;
  Writer writer(FrameKind::audio, 24 + 4 * chunk.samples.size());
  writer.number(channels);
  writer.number(static_cast<std::uint8_t>(format));
  writer.number(
      static_cast<std::uint8_t>((chunk.block.is_playing ? 1 : 0) | (chunk.block.is_after_jump ? 2 : 0)));
  writer.number(sequence);
  writer.number(static_cast<double>(chunk.block.first));
  writer.number(static_cast<std::uint32_t>(chunk.samples.size() / channels));
  writer.number(chunk.block.underruns);
  if (format == SampleFormat::float32) {
    writer.floats(chunk.samples);
  } else {
    for (const float sample : chunk.samples) writer.number(to_int16(sample));
  }
  return writer.take();
}

std::string meter_frame(const LiveLook& look, double monitor_ratio) {
  Writer writer(FrameKind::meters, 64 + 32 * look.strips.size());
  writer.number(static_cast<std::uint8_t>((look.is_playing ? 1 : 0) | (look.is_waiting ? 2 : 0)));
  writer.number(static_cast<std::uint16_t>(look.strips.size()));
  writer.number(look.underruns);
  writer.number(look.position_s);
  const LiveMaster& m = look.master;
  const auto monitor_db = static_cast<float>(to_db(monitor_ratio).value);
  for (const float value : {m.peak_dbfs, m.true_peak_max_dbtp, m.momentary_lufs, m.short_term_lufs,
                            m.integrated_lufs, m.loudness_range_lu, m.plr_lu, m.momentary_max_lufs,
                            m.short_term_max_lufs, m.correlation, m.load, monitor_db}) {
    writer.number(value);
  }
  for (const LiveStripLevels& strip : look.strips) {
    write_level(writer, strip.insert_in);
    write_level(writer, strip.fader_out);
  }
  return writer.take();
}

std::string scope_frame(const Scope& scope, std::uint16_t strip) {
  Writer writer(FrameKind::scope,
                28 + 4 * (4 * scope.bands_dbfs.size() + scope.fine_dbfs.size()) + 4 * scope.points.size());
  writer.number(std::uint8_t{0});
  writer.number(strip);
  writer.number(static_cast<std::uint16_t>(scope.bands_dbfs.size()));
  writer.number(static_cast<std::uint16_t>(scope.fine_dbfs.size()));
  writer.number(static_cast<std::uint16_t>(scope.points.size()));
  writer.number(std::uint16_t{0});
  for (const float value : {scope.correlation, scope.width, scope.balance_db, scope.mono_loss_db})
    writer.number(value);
  writer.floats(scope.bands_dbfs);
  writer.floats(scope.hold_dbfs);
  writer.floats(scope.fine_dbfs);
  writer.floats(scope.widths);
  writer.floats(scope.balances_db);
  for (const Scope::Point& point : scope.points) {
    writer.number(point.side);
    writer.number(point.mid);
  }
  return writer.take();
}

}  // namespace gainstage::desk
