// Writes one JSON text (RFC 8259) front to back into a string. It is on the path of every reply and log line, where a
// document tree costs more than the rest of the request; parsing is Boost.JSON's.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace userinfo {

// The caller keeps the calls in a sensible order; commas and colons come by themselves.
class json_writer {
public:
    // Appends to `out`, which must outlive the writer.
    explicit json_writer(std::string& out) : out_(out) {}

    json_writer& begin_object() { return open('{'); }
    json_writer& end_object() { return close('}'); }
    json_writer& begin_array() { return open('['); }
    json_writer& end_array() { return close(']'); }

    // The name must need no escaping: it is ours, not a client's.
    json_writer& name(std::string_view name);

    // Well-formed UTF-8; anything else is written as U+FFFD, so that the text stays JSON.
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

    // A whole JSON value that is text already.
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
