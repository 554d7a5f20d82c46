#include "h2/message_frames.h"

#include <array>
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

void append_message(secret_string& to, std::string_view message) {
    const auto length = static_cast<std::uint32_t>(message.size());
    std::array<char, prefix_size> prefix{plain};
    for (std::size_t i = 1; i < prefix_size; ++i) prefix[i] = static_cast<char>(length >> (8 * (prefix_size - 1 - i)));
    if (to.empty()) to.reserve(prefix_size + message.size());
    to.append({prefix.data(), prefix.size()});
    to.append(message);
}

std::optional<secret_string> message_reader::next() {
    if (problem_ != problem::none || unread_.size() < prefix_size) return std::nullopt;
    const auto length = length_in(unread_.view());
    if (unread_.view().front() != plain)
        problem_ = problem::compressed;
    else if (length > longest_)
        problem_ = problem::too_long;
    if (problem_ != problem::none) unread_ = {};
    if (problem_ != problem::none || unread_.size() - prefix_size < length) return std::nullopt;
    secret_string message(unread_.view().substr(prefix_size, length));
    unread_.erase_front(prefix_size + length);
    return message;
}

}  // namespace userinfo::h2
