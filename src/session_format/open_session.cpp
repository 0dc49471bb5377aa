// SPDX-License-Identifier: MIT
#include "session_format/open_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gainstage {
namespace {

constexpr std::array formats{SessionFormat::ardour, SessionFormat::reaper, SessionFormat::dawproject};

std::optional<SessionFormat> format_of_content(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return SessionFormat::dawproject;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string_view head = bytes.substr(0, 4096);
  if (head.find("<REAPER_PROJECT") != head.npos) return SessionFormat::reaper;
  if (head.find("<Session") != head.npos) return SessionFormat::ardour;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(SessionFormat format) {
  constexpr std::array<std::string_view, 3> names{"ardour", "reaper", "dawproject"};
  return names[static_cast<std::size_t>(format)];
}

std::string_view ending_of(SessionFormat format) {
  constexpr std::array<std::string_view, 3> endings{".ardour", ".rpp", ".dawproject"};
  return endings[static_cast<std::size_t>(format)];
}

std::optional<SessionFormat> format_of_name(std::string_view file_name) {
  std::string lower(file_name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const SessionFormat format : formats) {
    if (lower.ends_with(ending_of(format)) && lower.size() > ending_of(format).size()) return format;
  }
  return std::nullopt;
}

Result<OpenSession> OpenSession::read(std::string bytes, const std::string& file_name) {
  auto format = format_of_content(bytes);
  if (!format) format = format_of_name(file_name);
  if (!format) {
    return failure(
        ErrorCode::bad_input,
        fmt::format("{} is no session of a format that can be read: Ardour (.ardour), REAPER (.rpp) or "
                    "DAWproject (.dawproject).",
                    file_name),
        {.file = file_name});
  }
  const auto opened = [&](auto document) -> Result<OpenSession> {
    if (document) return OpenSession(Document(*std::move(document)));
    document.error().where.file = file_name;
    return tl::unexpected(std::move(document.error()));
  };
  switch (*format) {
    case SessionFormat::ardour:
      return opened(ArdourDocument::read(std::move(bytes)));
    case SessionFormat::reaper:
      return opened(ReaperDocument::read(std::move(bytes)));
    case SessionFormat::dawproject:
      break;
  }
  return opened(DawProjectDocument::read(std::move(bytes)));
}

const SignalFlow& OpenSession::flow() const {
  return std::visit([](const auto& document) -> const SignalFlow& { return document.flow(); }, document_);
}

const std::string& OpenSession::bytes() const {
  return std::visit([](const auto& document) -> const std::string& { return document.bytes(); }, document_);
}

bool OpenSession::can_unmute(std::size_t strip) const {
  return std::visit([&](const auto& document) { return document.can_unmute(strip); }, document_);
}

Result<PatchedSession> OpenSession::patch(std::span<const StageChange> changes,
                                          std::span<const std::size_t> unmuted) const {
  return std::visit([&](const auto& document) { return document.patch(changes, unmuted); }, document_);
}

Result<void> OpenSession::stream_source(std::size_t source, std::uint64_t most_bytes,
                                        const std::function<Result<void>(std::string_view)>& sink) const {
  if (const auto* const document = std::get_if<DawProjectDocument>(&document_))
    return document->stream_source(source, most_bytes, sink);
  return failure(ErrorCode::bad_input, "This session's format holds no audio of its own.");
}

}  // namespace gainstage
