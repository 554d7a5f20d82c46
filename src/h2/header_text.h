// How gRPC writes into header fields what HTTP has no form for.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo::h2 {

// `grpc-timeout`: at most eight digits and a unit. Zero or less is the shortest there is.
std::string timeout_text(std::chrono::nanoseconds time);
// Nothing if it is not one. What is longer than can be counted is the longest that can.
std::optional<std::chrono::nanoseconds> parse_timeout(std::string_view text);

// `grpc-message`: percent-encoding of all but printable ASCII. What is no encoding stays as it is.
std::string percent_encoded(std::string_view text);
std::string percent_decoded(std::string_view text);

// The bytes that the value of a key ending with "-bin" stands for: base64, with or without padding. Nothing if it is
// not base64.
std::optional<std::string> binary_value(std::string_view text);

}  // namespace userinfo::h2
