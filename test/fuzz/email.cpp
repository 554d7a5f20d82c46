// Email addresses: a key is its own key, spellings that differ by ASCII case or by white space around them share it,
// and its form is the promised one.
#include "identity/email.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/unicode.h"
#include "fuzz/input.h"

namespace userinfo {
namespace {

using fuzz::require;

std::string ascii_upper(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return upper;
}

bool is_printable_ascii(char c) { return c > ' ' && c < 0x7f; }

void check(std::string_view text) {
    const auto parsed = parse_email(text);
    if (!parsed) {
        require(parsed.error().code == errc::invalid_argument && parsed.error().field == "email",
                "it fails as a field");
        return;
    }
    const auto& key = parsed->key;
    require(parsed->typed == trim_white_space(text), "what was typed is kept");
    require(key.size() <= 254 && std::ranges::all_of(key, is_printable_ascii), "a key is short and ASCII");
    require(ascii_lower(key) == key && std::ranges::count(key, '@') == 1, "a key is lower-case, with one @");
    require(key.substr(key.find('@')).contains('.'), "a domain has two labels");

    const auto again = parse_email(key);
    require(again && again->key == key, "a key is its own key");
    const auto louder = parse_email(ascii_upper(text));
    require(louder && louder->key == key, "case does not make another mailbox");
    const auto spaced = parse_email(" \u3000" + std::string(text) + "\r\n");
    require(spaced && spaced->typed == parsed->typed && spaced->key == key, "white space does not either");
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::check(userinfo::fuzz::input(data, size).rest());
    return 0;
}
