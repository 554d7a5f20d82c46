// Which distributed trace a request belongs to, as the header field `traceparent` says it (W3C Trace Context, level 1).
// It only names things: nothing is allowed or refused because of it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace userinfo {

class trace_context {
public:
    // A new trace, which asks nobody to record it.
    static trace_context begin();

    // Of a header field: nothing if it is not valid. Of a later version than 00 what is known is taken over.
    static std::optional<trace_context> parse(std::string_view traceparent);

    // The same trace one step further, for whom is called on its behalf.
    trace_context next_step() const;

    // 32 digits.
    std::string_view trace_id() const { return {text_.data() + 3, 32}; }

    // As a header field: 55 characters.
    std::string_view text() const { return {text_.data(), text_.size()}; }

private:
    trace_context() = default;
    void set_random(std::size_t from, std::size_t digits);

    std::array<char, 55> text_;  // 00-<trace id>-<parent id>-<flags>
};

}  // namespace userinfo
