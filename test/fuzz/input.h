// What the fuzz targets share: bytes read as choices and as text, and a rule that ends the run when it is broken.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string>
#include <string_view>

namespace userinfo::fuzz {

// The fuzzer's bytes. What is taken beyond their end is zero or empty.
class input {
public:
    input(const std::uint8_t* data, std::size_t size) : left_(reinterpret_cast<const char*>(data), size) {}
    explicit input(std::string_view text) : left_(text) {}

    bool is_empty() const { return left_.empty(); }

    unsigned byte() {
        if (left_.empty()) return 0;
        const auto value = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return value;
    }

    // 0 to `most`, which is below 65,536.
    std::size_t up_to(std::size_t most) {
        const auto high = byte();
        return (high << 8 | byte()) % (most + 1);
    }

    // What comes before the next `separator`, which is dropped; all that is left if there is none.
    std::string_view until(char separator) {
        const auto text = left_.substr(0, left_.find(separator));
        left_.remove_prefix(std::min(left_.size(), text.size() + 1));
        return text;
    }

    std::string_view rest() const { return left_; }

private:
    std::string_view left_;
};

// Ends the run if what must always hold does not.
inline void require(bool holds, const char* rule, std::source_location where = std::source_location::current()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%u: broken rule: %s\n", where.file_name(), static_cast<unsigned>(where.line()), rule);
    std::abort();
}

// `text` after the edits that the rest of `edits` describes, four bytes each: what to do, where, and with which byte.
inline std::string edited(std::string text, input& edits) {
    while (!edits.is_empty()) {
        const auto action = edits.byte() % 4;
        const auto place = edits.up_to(text.size());
        const auto letter = static_cast<char>(edits.byte());
        const bool is_inside = place < text.size();
        if (action == 0 && is_inside) text[place] = letter;
        if (action == 1) text.insert(place, 1, letter);
        if (action == 2 && is_inside) text.erase(place, 1);
        if (action == 3) text.resize(place);
    }
    return text;
}

}  // namespace userinfo::fuzz
