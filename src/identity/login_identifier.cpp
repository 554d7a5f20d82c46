#include "identity/login_identifier.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/unicode.h"
#include "identity/email.h"

namespace userinfo {

namespace {

constexpr std::size_t longest_legacy = 254;

bool is_legacy(std::string_view text) {
    return !text.empty() && text.size() <= longest_legacy &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

result<login_identifier> parse_login_identifier(std::string_view untrimmed, identifier_forms forms) {
    const auto text = trim_white_space(untrimmed);
    auto email = parse_email(text);
    if (email) {
        return login_identifier{
            .kind = identifier_kind::email, .typed = std::move(email->typed), .key = std::move(email->key)};
    }
    if (forms == identifier_forms::email_only || !is_legacy(text)) return std::unexpected(email.error());
    return login_identifier{.kind = identifier_kind::legacy, .typed = std::string(text), .key = ascii_lower(text)};
}

}  // namespace userinfo
