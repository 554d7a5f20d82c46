// Text that leaves no copies in memory: a password as received, its normalized form, and the messages that carry it.
// The bytes are wiped on destruction, on assignment and when the string grows.
//
// It stores them in a vector with a wiping allocator. A std::string would not do: it keeps short text inside the
// object, and a move copies that text and leaves it in the source.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>
#include <vector>

#include "base/wipe.h"

namespace userinfo {

// Move-only. To copy it deliberately, use secret_string(first.view()). It has no conversion and no output operator, so
// it cannot get into a log line or an error by accident.
template <class Allocator>
class basic_secret_string {
public:
    basic_secret_string() = default;
    explicit basic_secret_string(std::string_view text) : bytes_(text.begin(), text.end()) {}

    // The source is empty afterwards.
    basic_secret_string(basic_secret_string&&) noexcept = default;
    basic_secret_string& operator=(basic_secret_string&&) noexcept = default;
    basic_secret_string(const basic_secret_string&) = delete;
    basic_secret_string& operator=(const basic_secret_string&) = delete;
    ~basic_secret_string() = default;

    // Valid until the string changes.
    std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
    std::span<char> bytes() { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }

    void reserve(std::size_t size) { bytes_.reserve(size); }
    void push_back(char byte) { bytes_.push_back(byte); }
    void append(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

    // New bytes are zero.
    void resize(std::size_t size) {
        if (size < bytes_.size()) wipe(bytes().subspan(size));
        bytes_.resize(size);
    }

    // Removes `count` bytes from the front. `count` is at most `size`.
    void erase_front(std::size_t count) {
        std::ranges::copy(bytes().subspan(count), bytes_.begin());
        resize(size() - count);
    }

    // Wipes the text immediately and keeps the memory for reuse.
    void clear() { resize(0); }

private:
    std::vector<char, Allocator> bytes_;
};

template <class Allocator>
std::ostream& operator<<(std::ostream&, const basic_secret_string<Allocator>&) = delete;

using secret_string = basic_secret_string<wiping_allocator<char>>;

}  // namespace userinfo
