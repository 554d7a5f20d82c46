// Checks, normalizes and shows text from outside: valid UTF-8, length, normal forms (Unicode Standard Annex 15), and
// what a terminal must not be sent.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo {

enum class normal_form {
    nfc,   // canonical composition: the text looks the same
    nfkc,  // compatibility composition: to compare secrets typed on different keyboards
};

// Whether `text` is well-formed UTF-8 (RFC 3629), without overlong forms and surrogates.
bool is_utf8(std::string_view text);

// What happens to code points that are unassigned in the version of Unicode that utf8proc knows. A later version may
// have assigned them: these tables cannot tell. It may also give them another normal form than themselves.
enum class unassigned {
    keep,    // as they are: for text that is only shown
    refuse,  // for text whose normal form must never change
};

// Returns the normal form of `text`. Returns nothing if it is not well-formed, or has a noncharacter (U+FDD0 to U+FDEF,
// and the last two of each plane) or an unassigned code point that is to be refused.
std::optional<std::string> normalize(std::string_view text, normal_form form, unassigned unknown);

// The same, without leaving a copy of the text behind.
std::optional<secret_string> normalize_secret(std::string_view text, normal_form form, unassigned unknown);

// The number of code points. `text` must be well-formed.
std::size_t count_code_points(std::string_view text);

// Whether well-formed text contains a control character (general category Cc), a line or paragraph separator, or a
// character that controls bidirectional display.
bool has_control_characters(std::string_view text);

// Whether well-formed text contains only characters that show nothing: white space, what Unicode calls default
// ignorable, such as variation selectors and fillers, and a few others.
bool is_blank(std::string_view text);

// Removes white space (Unicode's property White_Space, and the byte order mark U+FEFF) at both ends. Bytes that are no
// well-formed UTF-8 are no white space.
std::string_view trim_white_space(std::string_view text);

// `text` without the byte order mark that editors on Windows write in front of UTF-8.
std::string_view without_byte_order_mark(std::string_view text);

// The longest beginning of `text` that has at most `most` bytes and does not end inside a character. Where the text is
// not UTF-8, any byte may be the last.
std::string_view cut_at_character(std::string_view text, std::size_t most);

// Returns `text` as a terminal, a pager or a log may show it: on one line, where nothing steers the terminal, changes
// the direction of what follows or is invisible. These are escaped:
//
//     \n \r \t     the three
//     \u{202E}     other control and format characters (general categories Cc and Cf, which hold C1 and what controls
//                  direction), line and paragraph separators, noncharacters, and characters that show nothing, except
//                  white space
//     \x{9B}       a byte that is not UTF-8
//
// A backslash stays as it is, so that text may pass through this twice. Where it matters what a text was, print JSON.
std::string printable(std::string_view text);

// The same for a JSON text that begins at `begin` of `line`: escapes the same characters as JSON does (\u202e), so its
// value does not change. The writer of the JSON text has already escaped ASCII's.
void make_json_printable(std::string& line, std::size_t begin = 0);

}  // namespace userinfo
