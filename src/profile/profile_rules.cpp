#include "profile/profile_rules.h"

#include <string_view>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/unicode.h"
#include "profile/date.h"

namespace userinfo {

namespace {

constexpr std::size_t longest_avatar = 2048;

std::unexpected<error> username_too_long() {
    return invalid("username", "too_long",
                   "The username has more than " + std::to_string(longest_username) + " characters.");
}

result<std::string> check_username(const std::string& typed) {
    // A code point has at most 4 bytes, and NFC may need three times as many. Longer text is too long without
    // normalizing it.
    if (typed.size() > longest_username * 4 * 3) return username_too_long();
    if (!is_utf8(typed)) return invalid("username", "not_utf8", "The username is not valid UTF-8.");
    // A name is shown and never compared, so it may have characters that are newer than our tables.
    auto username = normalize(typed, normal_form::nfc, unassigned::keep);
    if (!username) return invalid("username", "not_allowed", "The username has a character that cannot be used.");
    if (username->empty()) return invalid("username", "missing", "A username is needed.");
    if (has_control_characters(*username)) {
        return invalid("username", "control_characters", "The username must not have control characters.");
    }
    if (is_blank(*username)) return invalid("username", "blank", "The username must not be blank.");
    if (count_code_points(*username) > longest_username) return username_too_long();
    return std::move(*username);
}

result<std::optional<date>> check_birthday(const std::string& text, date today) {
    if (text.empty()) return std::nullopt;
    const auto birthday = parse_date(text);
    if (!birthday) return invalid("birthday", "invalid", "The birthday must be a real date, as YYYY-MM-DD.");
    if (*birthday < earliest_birthday || *birthday > today) {
        return invalid("birthday", "out_of_range",
                       "The birthday must lie between " + to_string(earliest_birthday) + " and today.");
    }
    return birthday;
}

bool is_https_url(std::string_view text) {
    const auto url = boost::urls::parse_uri(text);
    return url.has_value() && url->scheme_id() == boost::urls::scheme::https && !url->encoded_host().empty() &&
           !url->has_userinfo();
}

result<std::string> check_avatar(const std::string& text) {
    if (text.empty()) return text;
    if (text.size() > longest_avatar)
        return invalid("avatar", "too_long", "The avatar's URL is longer than 2,048 bytes.");
    if (!is_https_url(text)) return invalid("avatar", "invalid", "The avatar must be an https URL.");
    return text;
}

}  // namespace

result<profile_changes> check_profile(const profile_input& input, profile_write write, date today) {
    profile_changes changes;
    if (input.username || write == profile_write::create) {
        auto username = check_username(input.username.value_or(""));
        if (!username) return std::unexpected(username.error());
        changes.username = std::move(*username);
    }
    if (input.birthday) {
        const auto birthday = check_birthday(*input.birthday, today);
        if (!birthday) return std::unexpected(birthday.error());
        changes.birthday = *birthday;
    }
    if (input.avatar) {
        auto avatar = check_avatar(*input.avatar);
        if (!avatar) return std::unexpected(avatar.error());
        changes.avatar = std::move(*avatar);
    }
    return changes;
}

}  // namespace userinfo
