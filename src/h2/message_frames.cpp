#include "h2/message_frames.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/wipe.h"

namespace userinfo::h2 {

namespace {

constexpr char plain = 0;

std::size_t length_in(std::string_view prefix) {
    std::size_t length = 0;
    for (const char byte : prefix.substr(1, 4)) length = length << 8 | static_cast<unsigned char>(byte);
    return length;
}

}  // namespace

void append_message(secret_string& to, std::string_view message) {
    const auto length = static_cast<std::uint32_t>(message.size());
    std::array<char, message_prefix> prefix{plain};
    for (std::size_t i = 1; i < message_prefix; ++i)
        prefix[i] = static_cast<char>(length >> (8 * (message_prefix - 1 - i)));
    if (to.empty()) to.reserve(message_prefix + message.size());
    to.append({prefix.data(), prefix.size()});
    to.append(message);
}

void message_reader::feed(std::string_view bytes) {
    if (problem_ != problem::none) return;
    if (begin_ > 0) unread_.erase_front(std::exchange(begin_, 0));
    unread_.append(bytes);
}

bool message_reader::has_message() {
    if (problem_ != problem::none || size() < message_prefix) return false;
    const auto length = length_in(unread());
    if (unread().front() != plain)
        problem_ = problem::compressed;
    else if (length > longest_)
        problem_ = problem::too_long;
    if (problem_ == problem::none) return size() - message_prefix >= length;
    unread_ = {};
    begin_ = 0;
    return false;
}

std::optional<secret_string> message_reader::next() {
    if (!has_message()) return std::nullopt;
    const auto whole = message_prefix + length_in(unread());
    secret_string message(unread().substr(message_prefix, whole - message_prefix));
    if (whole < size()) {
        wipe(unread_.bytes().subspan(begin_, whole));
        begin_ += whole;
    } else {
        unread_ = {};
        begin_ = 0;
    }
    return message;
}

bool message_reader::is_cut_off() const {
    auto rest = unread();
    while (rest.size() >= message_prefix) {
        const auto whole = message_prefix + length_in(rest);
        if (whole > rest.size()) return true;
        rest.remove_prefix(whole);
    }
    return !rest.empty();
}

}  // namespace userinfo::h2
