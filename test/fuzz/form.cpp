// Forms: what any client encodes by the standard is read back, and no text makes a field out of nothing.
#include <map>
#include <string>

#include "fuzz/input.h"
#include "gateway/fields.h"

namespace userinfo::gateway {
namespace {

using fuzz::require;

// Every byte, escaped: the one spelling that no rule can misread.
std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

void check_encoded_pairs(fuzz::input input) {
    std::map<std::string, std::string> pairs;
    std::string form;
    while (!input.is_empty()) {
        const std::string name(input.until('='));
        const std::string value(input.until('&'));
        if (!pairs.emplace(name, value).second) continue;
        form.append(form.empty() ? "" : "&").append(escaped(name)).append("=").append(escaped(value));
    }
    const auto parsed = parse_form(form);
    require(parsed.has_value() == (pairs.size() <= 100), "a form is refused only for its size");
    if (!parsed) return;
    for (const auto& [name, value] : pairs) {
        const auto read = parsed->optional(name);
        require(read && *read == value, "what was encoded is read back");
        require(parsed->required(name) == value, "a required field may be empty");
    }
}

void check_text(std::string_view text) {
    const auto parsed = parse_form(text);
    if (!parsed) {
        require(parsed.error().code == errc::invalid_argument, "a form fails as an invalid argument");
        return;
    }
    for (const char* name : {"email", "password", ""}) {
        const auto once = parsed->optional(name);
        if (!once) continue;
        auto doubled = parse_form(std::string(text) + '&' + escaped(name) + "=x");
        if (!doubled) continue;
        require(doubled->optional(name).has_value() == !once->has_value(), "a field that is there twice is refused");
        if (*once) require((*once)->size() <= text.size(), "decoding does not lengthen");
    }
}

}  // namespace
}  // namespace userinfo::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const userinfo::fuzz::input input(data, size);
    userinfo::gateway::check_text(input.rest());
    userinfo::gateway::check_encoded_pairs(input);
    return 0;
}
