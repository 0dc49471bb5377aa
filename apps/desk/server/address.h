// SPDX-License-Identifier: MIT
// The address the desk listens at, and what a browser may call it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gainstage::desk {

/// A numeric address. `localhost` is understood too, and nothing else that is a name: a name says what
/// another machine's answer is.
class IpAddress {
 public:
  /// Errors: usage.
  static Result<IpAddress> parse(std::string_view text);

  bool is_loopback() const { return is_loopback_; }
  bool is_any() const { return is_any_; }  ///< 0.0.0.0 or ::
  bool is_v6() const { return is_v6_; }
  const std::string& text() const { return text_; }  ///< In its shortest form, without brackets.

  bool operator==(const IpAddress& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  bool is_v6_ = false;
  bool is_loopback_ = false;
  bool is_any_ = false;
};

/// The hosts under which the desk is itself. All others are refused: a stranger's page that leads its own
/// name to this machine (DNS rebinding) sends that name as the host.
class OwnHosts {
 public:
  OwnHosts(IpAddress bound, std::uint16_t port) : bound_(std::move(bound)), port_(port) {}

  /// `text` as a Host header has it. True for the bound address and localhost with the port; where every
  /// address is bound, for any that is numeric.
  bool has(std::string_view text) const;
  /// `text` as an Origin header has it.
  bool has_origin(std::string_view text) const;
  std::uint16_t port() const { return port_; }
  /// What is shown to the user: "http://127.0.0.1:4719".
  std::string url() const;

 private:
  IpAddress bound_;
  std::uint16_t port_;
};

}  // namespace gainstage::desk
