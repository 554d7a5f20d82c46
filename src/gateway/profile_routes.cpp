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

}  // namespace

task<result<answer>> routes::get_profile(exchange& exchange) {
    const auto seen = parse_seen_version(exchange.credentials.seen_version);
    const auto found = co_await client_.get_profile(exchange.call, seen);
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
    exchange.forget_seen_version = seen && seen->account == found->account && found->profile->version < seen->version;
    co_return shown;
}

task<result<answer>> routes::create_profile(exchange& exchange) {
    auto input = read_input(exchange.fields);
    if (!input) co_return std::unexpected(input.error());
    co_return to_answer(co_await client_.create_profile(exchange.call, std::move(*input)));
}

task<result<answer>> routes::update_profile(exchange& exchange) {
    const auto input = read_input(exchange.fields);
    if (!input) co_return std::unexpected(input.error());
    co_return to_answer(co_await write_if_match(exchange.request, [&](std::optional<std::uint64_t> version) {
        return client_.update_profile(exchange.call, *input, version);
    }));
}

task<result<answer>> routes::delete_profile(exchange& exchange) {
    co_return to_answer(co_await write_if_match(exchange.request, [&](std::optional<std::uint64_t> version) {
        return client_.delete_profile(exchange.call, version);
    }));
}

}  // namespace userinfo::gateway
