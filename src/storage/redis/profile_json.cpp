#include "storage/redis/profile_json.h"

#include <boost/json.hpp>

#include "base/json_writer.h"

namespace userinfo::redis {

namespace {

namespace json = boost::json;

std::optional<std::string> text_member(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    return std::string(found->get_string());
}

// Returns nothing if it is neither a date nor null.
std::optional<std::optional<date>> day_member(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_null()) return std::optional<date>();
    if (!found->is_string()) return std::nullopt;
    const auto day = parse_date(found->get_string());
    if (!day) return std::nullopt;
    return day;
}

std::optional<profile> parse_value(const json::object& object, const uuid& account) {
    auto username = text_member(object, "username");
    auto birthday = day_member(object, "birthday");
    auto avatar = text_member(object, "avatar");
    auto email = text_member(object, "email");
    if (!username || !birthday || !avatar || !email) return std::nullopt;
    return profile{.account = account,
                   .username = std::move(*username),
                   .birthday = *birthday,
                   .avatar = std::move(*avatar),
                   .email = std::move(*email)};
}

}  // namespace

std::string to_json(const versioned_profile& profile) {
    std::string text;
    json_writer out(text);
    out.begin_object().member("version", profile.version);
    if (!profile.value) {
        out.member("absent", true).end_object();
        return text;
    }
    const auto& value = *profile.value;
    out.name("profile").begin_object().member("username", value.username).name("birthday");
    if (value.birthday)
        out.value(to_string(*value.birthday));
    else
        out.null();
    out.member("avatar", value.avatar).member("email", value.email).end_object().end_object();
    return text;
}

std::optional<versioned_profile> parse_profile_json(std::string_view text, const uuid& account) {
    boost::system::error_code error;
    const auto document = json::parse(text, error);
    const auto* object = error ? nullptr : document.if_object();
    if (object == nullptr) return std::nullopt;
    const auto* version = object->if_contains("version");
    const auto number = version == nullptr ? nullptr : version->if_int64();
    if (number == nullptr || *number < 0) return std::nullopt;
    versioned_profile found{.version = static_cast<std::uint64_t>(*number), .value = {}};
    if (const auto* absent = object->if_contains("absent"); absent != nullptr && *absent == true) return found;
    const auto* value = object->if_contains("profile");
    if (value == nullptr || !value->is_object()) return std::nullopt;
    found.value = parse_value(value->get_object(), account);
    if (!found.value) return std::nullopt;
    return found;
}

}  // namespace userinfo::redis
