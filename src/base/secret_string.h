// Text that leaves no copies in memory: a password as received, its normalized form, and the messages that carry it.
// The bytes are wiped on destruction, on assignment and when the string grows.
//
// It has a buffer of its own. A std::string would not do: it keeps short text inside the object, and a move copies that
// text and leaves it in the source. A std::vector with a wiping allocator would copy byte by byte.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iosfwd>
#include <span>
#include <string_view>
#include <utility>

#include "base/wipe.h"

namespace userinfo {

// Move-only. To copy it deliberately, use secret_string(first.view()). It has no conversion and no output operator, so
// it cannot get into a log line or an error by accident. `Allocator` wipes the memory that it frees.
template <class Allocator>
class basic_secret_string {
public:
    basic_secret_string() = default;
    explicit basic_secret_string(std::string_view text) { append(text); }

    // The source is empty afterwards.
    basic_secret_string(basic_secret_string&& other) noexcept { swap(other); }
    basic_secret_string& operator=(basic_secret_string&& other) noexcept {
        basic_secret_string taken(std::move(other));
        swap(taken);
        return *this;
    }
    basic_secret_string(const basic_secret_string&) = delete;
    basic_secret_string& operator=(const basic_secret_string&) = delete;
    ~basic_secret_string() {
        if (begin_ != nullptr) Allocator().deallocate(begin_, capacity_);
    }

    // Valid until the string changes.
    std::string_view view() const { return {begin_, size_}; }
    std::span<char> bytes() { return {begin_, size_}; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    void reserve(std::size_t capacity) {
        if (capacity <= capacity_) return;
        basic_secret_string larger;
        larger.begin_ = Allocator().allocate(capacity);
        larger.capacity_ = capacity;
        larger.append(view());
        swap(larger);
    }

    // `text` must not be part of this string.
    void append(std::string_view text) {
        if (text.empty()) return;
        if (text.size() > capacity_ - size_) reserve(std::max(2 * capacity_, size_ + text.size()));
        std::memcpy(begin_ + size_, text.data(), text.size());
        size_ += text.size();
    }

    void push_back(char byte) { append({&byte, 1}); }

    // New bytes are zero.
    void resize(std::size_t size) {
        reserve(size);
        const auto [less, more] = std::minmax(size, size_);
        wipe(begin_ + less, more - less);
        size_ = size;
    }

    // Removes `count` bytes from the front. `count` is at most `size`.
    void erase_front(std::size_t count) {
        std::ranges::copy(bytes().subspan(count), begin_);
        resize(size_ - count);
    }

    // Wipes the text immediately and keeps the memory for reuse.
    void clear() { resize(0); }

private:
    void swap(basic_secret_string& other) noexcept {
        std::swap(begin_, other.begin_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    char* begin_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

template <class Allocator>
std::ostream& operator<<(std::ostream&, const basic_secret_string<Allocator>&) = delete;

using secret_string = basic_secret_string<wiping_allocator<char>>;

}  // namespace userinfo
