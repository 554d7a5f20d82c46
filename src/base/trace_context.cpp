#include "base/trace_context.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "base/ascii.h"
#include "base/hex.h"

namespace userinfo {

namespace {

constexpr std::string_view empty_text = "00-00000000000000000000000000000000-0000000000000000-00";
constexpr std::size_t trace_id_at = 3, trace_id_digits = 32;
constexpr std::size_t parent_id_at = 36, parent_id_digits = 16;

bool is_lower_digit(char c) { return hex_value(c) >= 0 && c == to_lower(c); }

// Whether digits and hyphens are in their places.
bool has_its_form(std::string_view text) {
    for (std::size_t i = 0; i < empty_text.size(); ++i) {
        if (empty_text[i] == '-' ? text[i] != '-' : !is_lower_digit(text[i])) return false;
    }
    return true;
}

bool is_zero(std::string_view digits) {
    return std::ranges::all_of(digits, [](char c) { return c == '0'; });
}

}  // namespace

trace_context trace_context::begin() {
    trace_context made;
    std::ranges::copy(empty_text, made.text_.begin());
    made.set_random(trace_id_at, trace_id_digits);
    made.set_random(parent_id_at, parent_id_digits);
    return made;
}

std::optional<trace_context> trace_context::parse(std::string_view traceparent) {
    if (traceparent.size() < empty_text.size() || !has_its_form(traceparent)) return std::nullopt;
    const auto version = traceparent.substr(0, 2);
    const auto rest = traceparent.substr(empty_text.size());
    const bool fits = version == "00" ? rest.empty() : version != "ff" && (rest.empty() || rest.front() == '-');
    if (!fits || is_zero(traceparent.substr(trace_id_at, trace_id_digits)) ||
        is_zero(traceparent.substr(parent_id_at, parent_id_digits))) {
        return std::nullopt;
    }
    trace_context found;
    std::ranges::copy(traceparent.substr(0, empty_text.size()), found.text_.begin());
    found.text_[0] = found.text_[1] = '0';
    return found;
}

trace_context trace_context::next_step() const {
    auto next = *this;
    next.set_random(parent_id_at, parent_id_digits);
    return next;
}

// Ids need no secure generator, because nothing depends on their secrecy.
void trace_context::set_random(std::size_t from, std::size_t digits) {
    thread_local std::mt19937_64 generator{std::random_device()()};
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (i % 16 == 0) bits = generator() | 1;  // never all zero
        text_[from + i] = hex_digits[bits & 15];
        bits >>= 4;
    }
}

}  // namespace userinfo
