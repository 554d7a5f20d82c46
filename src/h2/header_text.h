// gRPC's encodings of header values that HTTP has no syntax for: timeouts, messages and binary metadata.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo::h2 {

// `grpc-timeout`: at most eight digits and a unit. Zero and negative times become the shortest possible timeout.
std::string timeout_text(std::chrono::nanoseconds time);
// Returns nothing if `text` is not a timeout. A timeout too long to represent becomes the longest possible one.
std::optional<std::chrono::nanoseconds> parse_timeout(std::string_view text);

// `grpc-message`: percent-encodes everything except printable ASCII. Decoding leaves invalid sequences unchanged.
std::string percent_encoded(std::string_view text);
std::string percent_decoded(std::string_view text);

// Decodes the value of a key that ends with "-bin": base64 with or without padding. Returns nothing if it is not
// base64.
std::optional<std::string> binary_value(std::string_view text);

}  // namespace userinfo::h2
