// SPDX-License-Identifier: MIT
#include "desk/server/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

#include "desk/server/http_message.h"

namespace gainstage::desk {

Result<IpAddress> IpAddress::parse(std::string_view text) {
  if (is_same_word(text, "localhost")) text = "127.0.0.1";
  const std::string given(text);
  std::array<char, INET6_ADDRSTRLEN> shortest{};
  IpAddress address;
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, given.c_str(), &v4) == 1) {
    inet_ntop(AF_INET, &v4, shortest.data(), shortest.size());
    address.is_loopback_ = ntohl(v4.s_addr) >> 24 == 127;
    address.is_any_ = v4.s_addr == INADDR_ANY;
  } else if (inet_pton(AF_INET6, given.c_str(), &v6) == 1) {
    inet_ntop(AF_INET6, &v6, shortest.data(), shortest.size());
    address.is_v6_ = true;
    address.is_loopback_ = std::memcmp(&v6, &in6addr_loopback, sizeof v6) == 0;
    address.is_any_ = std::memcmp(&v6, &in6addr_any, sizeof v6) == 0;
  } else {
    return failure(
        ErrorCode::usage,
        fmt::format("'{}' is not an address to listen at; 127.0.0.1, ::1 or 0.0.0.0 are such", text));
  }
  address.text_ = shortest.data();
  return address;
}

bool OwnHosts::has(std::string_view text) const {
  // Port 80 is what a browser leaves out.
  std::string_view name = text;
  std::string_view port = "80";
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  if (has_port) {
    name = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number != port_) return false;

  if (is_same_word(name, "localhost")) return true;
  const bool is_bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  const auto address = IpAddress::parse(is_bracketed ? name.substr(1, name.size() - 2) : name);
  if (!address || address->is_v6() != is_bracketed) return false;
  return bound_.is_any() || *address == bound_;
}

bool OwnHosts::has_origin(std::string_view text) const {
  constexpr std::string_view scheme = "http://";
  return text.starts_with(scheme) && has(text.substr(scheme.size()));
}

std::string OwnHosts::url() const {
  if (bound_.is_any()) return fmt::format("http://localhost:{}", port_);
  if (bound_.is_v6()) return fmt::format("http://[{}]:{}", bound_.text(), port_);
  return fmt::format("http://{}:{}", bound_.text(), port_);
}

}  // namespace gainstage::desk
