// Shortens the fields that nghttp2 cannot decode. It takes no string of more than 64 KB on the wire, and ends the
// connection. Shortened, such a field is still too large for its call, but ends only that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo::h2 {

// Stands between the bytes that arrive and nghttp2. Holds back only header blocks of several frames (RFC 9113, section
// 6.10): in one frame no string can be too long.
class header_blocks {
public:
    // In bytes: the connection must end at a header block of more.
    static constexpr std::size_t longest = 1024 * 1024;

    // `preface`: how many bytes come before the first frame.
    explicit header_blocks(std::size_t preface) : left_(preface) {}

    // Takes from the front of `bytes`, which must not be empty. Returns what nghttp2 is to receive, which is empty if
    // more must arrive first. Valid until the next call, and as long as what `bytes` refers to.
    std::string_view take(std::string_view& bytes);

    // Then nothing more may be taken.
    bool is_too_long() const { return block_.size() > longest; }

private:
    std::size_t ordinary(std::string_view bytes);
    std::string_view hold(std::string_view& bytes);
    std::string_view release();
    std::size_t move_front(std::string_view& bytes, std::size_t most);

    std::size_t left_;      // of the preface or of the payload of the current frame
    secret_string block_;   // frames that are held back
    std::size_t last_ = 0;  // where the last one of them begins
    secret_string given_;
};

}  // namespace userinfo::h2
