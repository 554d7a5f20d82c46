// gRPC's framing of messages in a stream: one byte that says whether the message is compressed, four bytes of length
// (big-endian), the message. A message may hold a password: it is wiped after use.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo::h2 {

void append_message(secret_string& to, std::string_view message);

// Takes bytes as they arrive and returns complete messages.
class message_reader {
public:
    enum class problem { none, compressed, too_long };

    explicit message_reader(std::size_t longest) : longest_(longest) {}

    void feed(std::string_view bytes) {
        if (problem_ == problem::none) unread_.append(bytes);
    }

    // Returns nothing if no message is complete or there is a problem. After a problem, the buffer is discarded.
    std::optional<secret_string> next();

    problem found() const { return problem_; }
    // Whether no part of a message is buffered.
    bool is_empty() const { return unread_.empty(); }

private:
    std::size_t longest_;
    secret_string unread_;
    problem problem_ = problem::none;
};

}  // namespace userinfo::h2
