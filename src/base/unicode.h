// Text from outside: is it UTF-8, how long is it, and its normal forms (Unicode Standard Annex 15).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo {

enum class normal_form {
    nfc,   // canonical composition: what a reader sees stays the same
    nfkc,  // compatibility composition: for comparing secrets typed on different keyboards
};

// Whether `text` is well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

// The normal form of well-formed text; nothing if it is not well-formed or holds an unassigned code point.
std::optional<std::string> normalize(std::string_view text, normal_form form);

// The same, and no copy of the text stays behind.
std::optional<secret_string> normalize_secret(std::string_view text, normal_form form);

// How many code points well-formed text has.
std::size_t count_code_points(std::string_view text);

// Whether well-formed text holds a control character (general category Cc), a line or paragraph separator, or a
// character that steers bidirectional display.
bool has_control_characters(std::string_view text);

// Whether well-formed text has no code point but white space and invisible ones.
bool is_blank(std::string_view text);

}  // namespace userinfo
