#include "h2/message_frames.h"

#include <cstdint>

namespace userinfo::h2 {

namespace {

constexpr std::size_t prefix_size = 5;
constexpr char plain = 0;

std::size_t length_in(std::string_view prefix) {
    std::size_t length = 0;
    for (const char byte : prefix.substr(1, 4)) length = length << 8 | static_cast<unsigned char>(byte);
    return length;
}

}  // namespace

void append_message(std::string& to, std::string_view message) {
    const auto length = static_cast<std::uint32_t>(message.size());
    to += plain;
    for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(length >> shift);
    to += message;
}

std::optional<std::string> message_reader::next() {
    if (problem_ != problem::none || unread_.size() < prefix_size) return std::nullopt;
    const auto length = length_in(unread_);
    if (unread_.front() != plain)
        problem_ = problem::compressed;
    else if (length > longest_)
        problem_ = problem::too_long;
    if (problem_ != problem::none) unread_ = {};
    if (problem_ != problem::none || unread_.size() - prefix_size < length) return std::nullopt;
    std::string message = unread_.substr(prefix_size, length);
    unread_.erase(0, prefix_size + length);
    return message;
}

}  // namespace userinfo::h2
