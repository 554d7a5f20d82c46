#include "password/password_policy.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/unicode.h"
#include "password/password_block_list.h"

namespace userinfo {

namespace {

constexpr std::size_t longest_bytes = 1024;
constexpr std::string_view service_name = "userinfo";

// "userinfo" one or more times, optionally followed by digits: userinfo1, userinfouserinfo.
bool is_service_name(std::string_view lower) {
    bool named = false;
    while (lower.starts_with(service_name)) {
        lower.remove_prefix(service_name.size());
        named = true;
    }
    return named && std::ranges::all_of(lower, [](char c) { return c >= '0' && c <= '9'; });
}

// White space around an email address is removed, so it makes no difference around a password that is one.
bool is_taken_from(std::string_view lower, const login_identifier& owner) {
    lower = trim_white_space(lower);
    const auto typed = ascii_lower(owner.typed);
    return lower == typed || lower == owner.key || lower == std::string_view(owner.key).substr(0, owner.key.rfind('@'));
}

}  // namespace

result<secret_string> normalize_password(std::string_view typed, std::string_view field) {
    if (typed.empty()) return invalid(std::string(field), "too_short", "The password must not be empty.");
    if (typed.size() > longest_bytes) {
        return invalid(std::string(field), "too_long", "The password is longer than 1,024 bytes.");
    }
    if (!is_utf8(typed)) return invalid(std::string(field), "not_utf8", "The password is not valid UTF-8.");
    // A later version of Unicode could give an unassigned code point another normal form, and the password would fail.
    auto normalized = normalize_secret(typed, normal_form::nfkc, unassigned::refuse);
    if (!normalized || normalized->view().contains('\0')) {
        return invalid(std::string(field), "not_allowed", "The password has a character that cannot be used.");
    }
    if (count_code_points(normalized->view()) > longest_password) {
        return invalid(std::string(field), "too_long",
                       "The password is longer than " + std::to_string(longest_password) + " characters.");
    }
    return std::move(*normalized);
}

result<void> check_new_password(std::string_view normalized, const login_identifier& owner, const password_rules& rules,
                                std::string_view field) {
    if (count_code_points(normalized) < rules.shortest) {
        return invalid(std::string(field), "too_short",
                       "The password must have at least " + std::to_string(rules.shortest) + " characters.");
    }
    if (!rules.refuse_guessable) return {};
    secret_string lower(normalized);
    for (char& c : lower.bytes()) c = to_lower(c);
    if (is_common_password(lower.view())) {
        return invalid(std::string(field), "common", "The password is one of those that are guessed first.");
    }
    if (is_service_name(lower.view()) || is_taken_from(lower.view(), owner)) {
        return invalid(std::string(field), "contains_context",
                       "The password must not be the email address or the name of this service.");
    }
    return {};
}

}  // namespace userinfo
