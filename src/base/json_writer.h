// Writes one JSON text (RFC 8259) from front to back into a string. Every reply and log line needs one, and a document
// tree would cost more than the rest of the request. Boost.JSON does the parsing.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace userinfo {

// Inserts commas and colons itself. The caller must make the calls in a valid order.
class json_writer {
public:
    // Appends to `out`, which must outlive the writer.
    explicit json_writer(std::string& out) : out_(out) {}

    json_writer& begin_object() { return open('{'); }
    json_writer& end_object() { return close('}'); }
    json_writer& begin_array() { return open('['); }
    json_writer& end_array() { return close(']'); }

    // `name` is written without escaping, so it must not come from a client.
    json_writer& name(std::string_view name);

    // Writes UTF-8. Malformed sequences become U+FFFD, so the output is always valid JSON.
    json_writer& value(std::string_view text);
    json_writer& value(const char* text) { return value(std::string_view(text)); }
    json_writer& value(bool flag);
    json_writer& value(std::int64_t number);
    json_writer& value(std::uint64_t number);
    json_writer& value(std::integral auto number) {
        if constexpr (std::signed_integral<decltype(number)>)
            return value(static_cast<std::int64_t>(number));
        else
            return value(static_cast<std::uint64_t>(number));
    }
    json_writer& null();

    // Inserts a complete JSON value that is already text.
    json_writer& raw(std::string_view json);

    template <class T>
    json_writer& member(std::string_view member_name, const T& member_value) {
        return name(member_name).value(member_value);
    }

private:
    json_writer& open(char bracket);
    json_writer& close(char bracket);
    void separate();

    std::string& out_;
    bool first_ = true;
};

}  // namespace userinfo
