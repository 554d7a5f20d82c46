// What travels beside the messages of a call of gRPC. A key is in lower case; one that ends with "-bin" has any bytes
// as its value, another one printable ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace userinfo::h2 {

// To be sent.
struct field {
    std::string_view key;  // must outlive the call
    std::string value;     // of "-bin" in base64
};
using fields = std::vector<field>;

// As it came: all of it in one piece of memory, since every call has some.
class metadata {
public:
    void add(std::string_view key, std::string_view value) {
        entries_.push_back({.key = text_.size(), .value = text_.size() + key.size(), .value_size = value.size()});
        text_.append(key).append(value);
    }

    // Of the first that has this key; empty if none has.
    std::string_view value_of(std::string_view key) const {
        const std::string_view text = text_;
        for (const auto& entry : entries_)
            if (text.substr(entry.key, entry.value - entry.key) == key)
                return text.substr(entry.value, entry.value_size);
        return {};
    }

    // Bytes of all keys and values.
    std::size_t size() const { return text_.size(); }

private:
    struct entry {
        std::size_t key, value, value_size;
    };

    std::string text_;
    std::vector<entry> entries_;
};

}  // namespace userinfo::h2
