// How gRPC's messages lie in the bytes of a stream: a byte that tells whether it is compressed, four of length
// (big-endian), the message. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo::h2 {

void append_message(std::string& to, std::string_view message);

// Takes bytes as they come, and gives messages.
class message_reader {
public:
    enum class problem { none, compressed, too_long };

    explicit message_reader(std::size_t longest) : longest_(longest) {}

    void feed(std::string_view bytes) {
        if (problem_ == problem::none) unread_ += bytes;
    }

    // Nothing: it is not complete, or there is a problem, after which nothing is kept.
    std::optional<std::string> next();

    problem found() const { return problem_; }
    // No message is begun.
    bool is_empty() const { return unread_.empty(); }

private:
    std::size_t longest_;
    std::string unread_;
    problem problem_ = problem::none;
};

}  // namespace userinfo::h2
