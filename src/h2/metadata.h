// The metadata of a gRPC call. Keys are in lower case. The value of a key that ends with "-bin" may be any bytes; other
// values are printable ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace userinfo::h2 {

// In bytes, as `listed_size` counts them: what is taken of one call, and announced to the peer.
inline constexpr std::size_t most_metadata = 16 * 1024;

// The size of a field in a header list (RFC 9113, section 6.5.2), which also bounds the number of empty ones.
constexpr std::size_t listed_size(std::string_view name, std::string_view value) {
    return name.size() + value.size() + 32;
}

// Metadata to send.
struct field {
    std::string_view key;  // must outlive the call
    std::string value;     // base64 if the key ends with "-bin"
};
using fields = std::vector<field>;

// Received metadata. All entries share one string, because every call has some.
class metadata {
public:
    void add(std::string_view key, std::string_view value) {
        entries_.push_back({.key = text_.size(), .value = text_.size() + key.size(), .value_size = value.size()});
        text_.append(key).append(value);
    }

    // The value of the first entry with this key. Empty if there is none.
    std::string_view value_of(std::string_view key) const {
        const std::string_view text = text_;
        for (const auto& entry : entries_)
            if (text.substr(entry.key, entry.value - entry.key) == key)
                return text.substr(entry.value, entry.value_size);
        return {};
    }

    // The size of all keys and values, in bytes.
    std::size_t size() const { return text_.size(); }

private:
    struct entry {
        std::size_t key, value, value_size;
    };

    std::string text_;
    std::vector<entry> entries_;
};

}  // namespace userinfo::h2
