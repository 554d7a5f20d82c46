#include <array>

#include "base/json_writer.h"
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

// Tries the write for each version that If-Match allows; without one, once and unconditionally. Each try is atomic, and
// at most one can succeed.
template <class Write>
task<result<profile_view>> write_if_match(const http::request& request, Write write) {
    const auto versions = read_if_match(request);
    if (!versions) co_return std::unexpected(versions.error());
    if (versions->empty()) co_return co_await write(std::nullopt);
    for (std::size_t i = 0;; ++i) {
        auto written = co_await write((*versions)[i]);
        const bool mismatch = !written && written.error().code == errc::version_mismatch;
        if (!mismatch || i + 1 == versions->size()) co_return written;
    }
}

result<answer> to_answer(result<profile_view> written) {
    if (!written) return std::unexpected(std::move(written.error()));
    return answer{.written = seen_version{.account = written->account, .version = written->profile->version}};
}

task<result<answer>> get_profile(userinfo_service& service, request_context& context) {
    const auto seen = parse_seen_version(context.credentials.seen_version);
    const auto found = co_await service.perform(context.call, use_cases::get_profile{.seen = seen});
    if (!found) co_return std::unexpected(found.error());
    const auto& profile = *found->profile->value;
    answer shown{.shown_version = found->profile->version};
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
    context.forget_seen_version = seen && seen->account == found->account && found->profile->version < seen->version;
    co_return shown;
}

task<result<answer>> create_profile(userinfo_service& service, request_context& context) {
    auto input = read_input(context.fields);
    if (!input) co_return std::unexpected(input.error());
    co_return to_answer(co_await service.perform(context.call, use_cases::create_profile{.input = std::move(*input)}));
}

task<result<answer>> update_profile(userinfo_service& service, request_context& context) {
    const auto input = read_input(context.fields);
    if (!input) co_return std::unexpected(input.error());
    co_return to_answer(co_await write_if_match(context.request, [&](std::optional<std::uint64_t> version) {
        return service.perform(context.call, use_cases::update_profile{.input = *input, .if_version = version});
    }));
}

task<result<answer>> delete_profile(userinfo_service& service, request_context& context) {
    co_return to_answer(co_await write_if_match(context.request, [&](std::optional<std::uint64_t> version) {
        return service.perform(context.call, use_cases::delete_profile{.if_version = version});
    }));
}

using http::method;

constexpr failure_codes get_codes{100001, 100001, 100001, 100001};
constexpr failure_codes update_codes{100002, 100002, 100002, 100002};
constexpr failure_codes delete_codes{100003, 100003, 100003, 100003};
constexpr failure_codes create_codes{100004, 100004, 100004, 100004};

constexpr std::array table{
    endpoint{method::get, "/api/user/profile", access::session, get_codes, get_profile},
    endpoint{method::post, "/api/user/profile", access::session, create_codes, create_profile},
    endpoint{method::put, "/api/user/profile", access::session, update_codes, update_profile},
    endpoint{method::delete_, "/api/user/profile", access::session, delete_codes, delete_profile},
};

}  // namespace

std::span<const endpoint> profile_routes() { return table; }

}  // namespace userinfo::gateway
