#include "h2/header_blocks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "h2/metadata.h"

namespace userinfo::h2 {

namespace {

constexpr std::size_t head_size = 9;  // RFC 9113, section 4.1
constexpr std::size_t longest_payload = 16 * 1024;
constexpr std::size_t longest_string = 64 * 1024;

std::size_t number_in(std::string_view bytes) {
    std::size_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

// The first bytes of a frame.
struct frame_head {
    explicit frame_head(std::string_view bytes)
        : length(number_in(bytes.substr(0, 3))),
          type(static_cast<std::uint8_t>(bytes[3])),
          flags(static_cast<std::uint8_t>(bytes[4])),
          stream(number_in(bytes.substr(5, 4))) {}

    bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
    // Longer frames are an error, which nghttp2 finds.
    bool is(std::uint8_t wanted) const { return type == wanted && length <= longest_payload; }
    bool begins_long_block() const { return is(NGHTTP2_HEADERS) && !has(NGHTTP2_FLAG_END_HEADERS); }
    bool continues(const frame_head& first) const { return is(NGHTTP2_CONTINUATION) && stream == first.stream; }

    std::size_t length;
    std::uint8_t type, flags;
    std::size_t stream;
};

void append_frame(secret_string& to, std::uint8_t type, std::uint8_t flags, std::size_t stream,
                  std::string_view payload) {
    const auto length = payload.size();
    for (const int shift : {16, 8, 0}) to.push_back(static_cast<char>(length >> shift));
    to.push_back(static_cast<char>(type));
    to.push_back(static_cast<char>(flags));
    for (const int shift : {24, 16, 8, 0}) to.push_back(static_cast<char>(stream >> shift));
    to.append(payload);
}

// HPACK's integers (RFC 7541, section 5.1). Takes one from the front; nothing if it is cut off or far too great.
std::optional<std::size_t> take_integer(std::string_view& rest, unsigned prefix_bits) {
    if (rest.empty()) return std::nullopt;
    const std::size_t most = (1U << prefix_bits) - 1;
    std::size_t number = static_cast<unsigned char>(rest.front()) & most;
    rest.remove_prefix(1);
    if (number < most) return number;
    for (unsigned shift = 0; shift <= 21 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        number += std::size_t{byte & 127U} << shift;
        if (byte < 128) return number;
    }
    return std::nullopt;
}

// Copies a header block and shortens its strings (RFC 7541, section 6).
class shortener {
public:
    explicit shortener(std::string_view block) : rest_(block) {}

    // Nothing if no string is too long, or if it is not HPACK, which nghttp2 finds.
    std::optional<secret_string> shortened() {
        while (!rest_.empty())
            if (!copy_field()) return std::nullopt;
        return is_shorter_ ? std::optional(std::move(copy_)) : std::nullopt;
    }

private:
    bool copy_field() {
        const auto first = static_cast<unsigned char>(rest_.front());
        const bool is_indexed = (first & 0x80) != 0, is_added = (first & 0xc0) == 0x40;
        const bool is_table_size = (first & 0xe0) == 0x20;
        const auto from = rest_;
        const auto index = take_integer(rest_, is_indexed ? 7 : is_added ? 6 : is_table_size ? 5 : 4);
        if (!index) return false;
        copy_since(from);
        if (is_indexed || is_table_size) return true;
        return (*index != 0 || copy_string()) && copy_string();
    }

    bool copy_string() {
        const auto from = rest_;
        const auto length = take_integer(rest_, 7);
        if (!length || *length > rest_.size()) return false;
        rest_.remove_prefix(*length);
        if (*length <= longest_string)
            copy_since(from);
        else
            add_too_long();
        return true;
    }

    void copy_since(std::string_view from) { copy_.append(from.substr(0, from.size() - rest_.size())); }

    // As long as all metadata may be. It has the same effect on the dynamic table: it is larger, so it empties that.
    void add_too_long() {
        static_assert(most_metadata == 127 + 1 + (127 << 7));
        copy_.append("\x7f\x81\x7f");
        copy_.append(std::string(most_metadata, 'x'));
        is_shorter_ = true;
    }

    std::string_view rest_;
    secret_string copy_;
    bool is_shorter_ = false;
};

// The header block in frames without what surrounds it (RFC 9113, section 6.2). Nothing if it is not well formed.
struct header_frames {
    std::string_view priority;
    secret_string block;
};

std::optional<header_frames> parsed(std::string_view frames) {
    header_frames found;
    while (!frames.empty()) {
        const frame_head head(frames);
        auto payload = frames.substr(head_size, head.length);
        frames.remove_prefix(head_size + head.length);
        if (head.type == NGHTTP2_HEADERS) {
            const bool is_padded = head.has(NGHTTP2_FLAG_PADDED);
            const std::size_t priority = head.has(NGHTTP2_FLAG_PRIORITY) ? 5 : 0;
            const std::size_t padding = is_padded && !payload.empty() ? number_in(payload.substr(0, 1)) : 0;
            if (payload.size() < is_padded + priority + padding) return std::nullopt;
            payload = payload.substr(is_padded, payload.size() - is_padded - padding);
            found.priority = payload.substr(0, priority);
            payload.remove_prefix(priority);
        }
        found.block.append(payload);
    }
    return found;
}

// The same frames with shorter strings. Nothing if that is not needed.
std::optional<secret_string> shortened(std::string_view frames) {
    const auto found = parsed(frames);
    if (!found) return std::nullopt;
    auto block = shortener(found->block.view()).shortened();
    if (!block) return std::nullopt;
    const frame_head first(frames);
    secret_string begin(found->priority), made;
    auto rest = block->view();
    begin.append(rest.substr(0, longest_payload - begin.size()));
    rest.remove_prefix(begin.size() - found->priority.size());
    const auto end_if = [&rest](int flags) {
        return static_cast<std::uint8_t>(rest.empty() ? flags | NGHTTP2_FLAG_END_HEADERS : flags);
    };
    append_frame(made, NGHTTP2_HEADERS, end_if(first.flags & ~NGHTTP2_FLAG_PADDED), first.stream, begin.view());
    while (!rest.empty()) {
        const auto payload = rest.substr(0, longest_payload);
        rest.remove_prefix(payload.size());
        append_frame(made, NGHTTP2_CONTINUATION, end_if(0), first.stream, payload);
    }
    return made;
}

}  // namespace

std::string_view header_blocks::take(std::string_view& bytes) {
    if (!given_.empty()) given_ = {};
    const auto passed = block_.empty() ? ordinary(bytes) : 0;
    if (passed == 0) return hold(bytes);
    const auto front = bytes.substr(0, passed);
    bytes.remove_prefix(passed);
    return front;
}

// How many bytes from the front belong to other frames.
std::size_t header_blocks::ordinary(std::string_view bytes) {
    auto passed = std::min(left_, bytes.size());
    left_ -= passed;
    while (left_ == 0 && bytes.size() - passed >= head_size) {
        const frame_head head(bytes.substr(passed));
        if (head.begins_long_block()) break;
        const auto whole = head_size + head.length;
        const auto there = std::min(whole, bytes.size() - passed);
        passed += there;
        left_ = whole - there;
    }
    return passed;
}

// Until it is known that they are no part of a header block, or the block is complete.
std::string_view header_blocks::hold(std::string_view& bytes) {
    while (!is_too_long()) {
        if (left_ == 0) {
            move_front(bytes, head_size - (block_.size() - last_));
            if (block_.size() - last_ < head_size) return {};
            const frame_head head(block_.view().substr(last_));
            left_ = head.length;
            const bool is_part = last_ == 0 ? head.begins_long_block() : head.continues(frame_head(block_.view()));
            if (!is_part) return release();
        }
        left_ -= move_front(bytes, left_);
        if (left_ > 0) return {};
        if (frame_head(block_.view().substr(last_)).has(NGHTTP2_FLAG_END_HEADERS)) {
            release();
            if (auto shorter = shortened(given_.view())) given_ = std::move(*shorter);
            return given_.view();
        }
        last_ = block_.size();
    }
    return {};
}

std::string_view header_blocks::release() {
    given_ = std::move(block_);
    last_ = 0;
    return given_.view();
}

// Returns how many bytes there were.
std::size_t header_blocks::move_front(std::string_view& bytes, std::size_t most) {
    const auto moved = bytes.substr(0, most);
    block_.append(moved);
    bytes.remove_prefix(moved.size());
    return moved.size();
}

}  // namespace userinfo::h2
