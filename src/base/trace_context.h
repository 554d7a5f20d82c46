// The distributed trace that a request belongs to, as in the `traceparent` header (W3C Trace Context, level 1). It ties
// together the log lines of several programs. No decision depends on it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace userinfo {

class trace_context {
public:
    // Starts a new trace with the sampled flag off.
    static trace_context begin();

    // Parses a header value. Returns nothing if it is invalid. A later version is read as version 00.
    static std::optional<trace_context> parse(std::string_view traceparent);

    // The same trace with a new parent id, for a call to another server.
    trace_context next_step() const;

    // 32 hex digits.
    std::string_view trace_id() const { return {text_.data() + 3, 32}; }

    // The header value, 55 characters.
    std::string_view text() const { return {text_.data(), text_.size()}; }

private:
    trace_context() = default;
    void set_random(std::size_t from, std::size_t digits);

    std::array<char, 55> text_;  // 00-<trace id>-<parent id>-<flags>
};

}  // namespace userinfo
