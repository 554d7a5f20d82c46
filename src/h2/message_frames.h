// gRPC's framing of messages in a stream: one byte that says whether the message is compressed, four bytes of length
// (big-endian), the message. A message may hold a password: it is wiped after use.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo::h2 {

// What a message takes on the wire beyond its own bytes.
inline constexpr std::size_t message_prefix = 5;

void append_message(secret_string& to, std::string_view message);

// Takes bytes as they arrive and returns complete messages.
class message_reader {
public:
    enum class problem { none, compressed, too_long };

    explicit message_reader(std::size_t longest) : longest_(longest) {}

    void feed(std::string_view bytes);

    // Whether `next` returns a message. Otherwise no message is complete or there is a problem. After a problem, the
    // buffer is discarded.
    bool has_message();
    std::optional<secret_string> next();

    problem found() const { return problem_; }
    // How many bytes are buffered.
    std::size_t size() const { return unread_.size() - begin_; }
    // Whether no part of a message is buffered.
    bool is_empty() const { return size() == 0; }
    // Whether the buffer ends inside a message. Costs a look at each message.
    bool is_cut_off() const;

private:
    std::string_view unread() const { return unread_.view().substr(begin_); }

    std::size_t longest_;
    secret_string unread_;
    std::size_t begin_ = 0;  // of what is unread; the bytes before it are wiped
    problem problem_ = problem::none;
};

}  // namespace userinfo::h2
