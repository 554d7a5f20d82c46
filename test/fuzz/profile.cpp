// Profiles and the Unicode beneath: what is accepted once is accepted unchanged ever after. The input: username,
// birthday and avatar, one a line.
#include <string>

#include "base/unicode.h"
#include "fuzz/input.h"
#include "profile/profile_rules.h"

namespace userinfo {
namespace {

using fuzz::require;

constexpr date today{std::chrono::year(2030), std::chrono::January, std::chrono::day(1)};

void check_text(std::string_view text) {
    for (const auto form : {normal_form::nfc, normal_form::nfkc}) {
        const auto once = normalize(text, form, unassigned::keep);
        require(!once || is_utf8(text), "only UTF-8 has a normal form");
        if (!once) continue;
        require(is_utf8(*once), "a normal form is UTF-8");
        require(normalize(*once, form, unassigned::keep) == once, "a normal form is its own");
        const auto assigned = normalize(text, form, unassigned::refuse);
        require(!assigned || assigned == once, "unassigned code points make no other difference");
    }
    const auto trimmed = trim_white_space(text);
    require(text.contains(trimmed) && trim_white_space(trimmed) == trimmed, "what is trimmed is a part and stays");
    if (is_utf8(text)) require(count_code_points(text) <= text.size(), "a code point has a byte at least");
}

void check_date(std::string_view text) {
    const auto day = parse_date(text);
    if (day) require(day->ok() && to_string(*day) == text, "a day has one spelling");
}

void check_changes(const profile_changes& changes) {
    const auto& name = *changes.username;
    require(is_utf8(name) && !is_blank(name) && !has_control_characters(name), "a username can be seen");
    require(count_code_points(name) >= 1 && count_code_points(name) <= 64, "a username has 1 to 64 code points");
    require(!changes.birthday || !*changes.birthday || **changes.birthday <= today, "nobody is born tomorrow");
    require(!changes.avatar || changes.avatar->empty() || changes.avatar->size() <= 2048, "an avatar is short");
}

void check(fuzz::input input) {
    check_text(input.rest());
    const profile_input given{.username = std::string(input.until('\n')),
                              .birthday = std::string(input.until('\n')),
                              .avatar = std::string(input.rest())};
    check_date(*given.birthday);
    const auto accepted = check_profile(given, profile_write::create, today);
    if (!accepted) {
        require(accepted.error().code == errc::invalid_argument && !accepted.error().field.empty(),
                "it fails as a field");
        return;
    }
    check_changes(*accepted);
    const profile_input shown{.username = accepted->username, .birthday = given.birthday, .avatar = accepted->avatar};
    const auto again = check_profile(shown, profile_write::update, today);
    require(again && again->username == accepted->username && again->birthday == accepted->birthday &&
                again->avatar == accepted->avatar,
            "a profile as it is shown is accepted, and stays as it is");
}

}  // namespace
}  // namespace userinfo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::check({data, size});
    return 0;
}
