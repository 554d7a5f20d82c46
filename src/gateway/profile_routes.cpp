#include <array>

#include "base/json_writer.h"
#include "base/unmet_condition.h"
#include "gateway/preconditions.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

result<profile_input> read_input(const fields& fields) {
    auto username = fields.optional("username");
    if (!username) return std::unexpected(username.error());
    auto birthday = fields.optional("birthday");
    if (!birthday) return std::unexpected(birthday.error());
    auto avatar = fields.optional("avatar");
    if (!avatar) return std::unexpected(avatar.error());
    return profile_input{
        .username = std::move(*username), .birthday = std::move(*birthday), .avatar = std::move(*avatar)};
}

result<answer> to_answer(result<profile_view> written) {
    if (!written) return std::unexpected(std::move(written.error()));
    return answer{.written = seen_version{.account = written->account, .version = written->profile->version}};
}

// A service that knows only one takes the first.
seen_versions seen_by(const credentials& credentials) {
    const auto in_header = parse_seen_version(credentials.seen_in_header);
    const auto in_cookie = parse_seen_version(credentials.seen_in_cookie);
    if (!in_header) return {in_cookie};
    return {in_header, in_cookie};
}

task<result<answer>> get_profile(userinfo_service& service, request_context& context) {
    const auto seen = seen_by(context.credentials);
    const auto found = co_await service.perform(context.call, use_cases::get_profile{.seen = seen});
    if (!found) co_return std::unexpected(found.error());
    const auto& profile = *found->profile->value;
    answer shown{.shown = seen_version{.account = found->account, .version = found->profile->version}};
    shown.data.clear();
    shown.data.reserve(160 + profile.username.size() + profile.email.size() + profile.avatar.size());
    json_writer(shown.data)
        .begin_object()
        .member("user_id", profile.account.to_string())
        .member("username", profile.username)
        .member("email", profile.email)
        .member("birthday", profile.birthday ? to_string(*profile.birthday) : std::string())
        .member("avatar", profile.avatar)
        .end_object();
    // The database does not have what the client has seen: it was restored from an older copy.
    context.forget_seen_version = found->profile->version < highest_of(found->account, seen);
    co_return shown;
}

// Nothing is written. A condition that is not met goes before the conflict, and without a profile If-Match is not met.
task<error> reason_not_to_create(userinfo_service& service, request_context& context, const preconditions& conditions,
                                 error conflict) {
    const auto found =
        co_await service.perform(context.call, use_cases::get_profile{.seen = seen_by(context.credentials)});
    if (!found && found.error().code != errc::not_found) co_return found.error();
    const bool is_met =
        found ? judge(conditions, to_etag(found->profile->version)) == verdict::met : !conditions.if_match;
    co_return is_met ? conflict : unmet_condition();
}

task<result<answer>> create_profile(userinfo_service& service, request_context& context) {
    auto input = read_input(context.fields);
    if (!input) co_return std::unexpected(input.error());
    const auto conditions = read_preconditions(context.request);
    if (!conditions) co_return std::unexpected(conditions.error());
    if (conditions->if_match) {
        const auto conflict =
            failure(errc::already_exists, "If-Match asks for a profile, and this request creates one.");
        co_return std::unexpected(co_await reason_not_to_create(service, context, *conditions, conflict.error()));
    }
    auto created = co_await service.perform(context.call, use_cases::create_profile{.input = std::move(*input)});
    const bool is_conflict = !created && created.error().code == errc::already_exists;
    if (!is_conflict || !conditions->if_none_match) co_return to_answer(std::move(created));
    co_return std::unexpected(co_await reason_not_to_create(service, context, *conditions, created.error()));
}

task<result<answer>> update_profile(userinfo_service& service, request_context& context) {
    auto input = read_input(context.fields);
    if (!input) co_return std::unexpected(input.error());
    const auto conditions = read_preconditions(context.request);
    if (!conditions) co_return std::unexpected(conditions.error());
    co_return to_answer(co_await service.perform(
        context.call,
        use_cases::update_profile{.input = std::move(*input), .condition = to_write_condition(*conditions)}));
}

task<result<answer>> delete_profile(userinfo_service& service, request_context& context) {
    const auto conditions = read_preconditions(context.request);
    if (!conditions) co_return std::unexpected(conditions.error());
    co_return to_answer(co_await service.perform(
        context.call, use_cases::delete_profile{.condition = to_write_condition(*conditions)}));
}

using http::method;

constexpr failure_codes get_codes{100001, 100001, 100001, 100001};
constexpr failure_codes update_codes{100002, 100002, 100002, 100002};
constexpr failure_codes delete_codes{100003, 100003, 100003, 100003};
constexpr failure_codes create_codes{100004, 100004, 100004, 100004};

constexpr std::array table{
    endpoint{method::get, "/api/user/profile", access::session, get_codes, get_profile, true},
    endpoint{method::post, "/api/user/profile", access::session, create_codes, create_profile, true},
    endpoint{method::put, "/api/user/profile", access::session, update_codes, update_profile, true},
    endpoint{method::delete_, "/api/user/profile", access::session, delete_codes, delete_profile, true},
};

}  // namespace

std::span<const endpoint> profile_routes() { return table; }

}  // namespace userinfo::gateway
