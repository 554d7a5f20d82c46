#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

// How a grant reaches the client: in cookies, or in the body; never in both.
answer deliver(token_grant grant, request_context& context) {
    answer delivered;
    if (grant.transport == transport::cookie) {
        // One that was renewed on the way must reach the client, too.
        if (grant.refresh_token.empty() && context.new_cookies) {
            grant.refresh_token = std::move(context.new_cookies->refresh_token);
        }
        context.new_cookies = std::move(grant);
        return delivered;
    }
    delivered.data.clear();
    json_writer json(delivered.data);
    json.begin_object().member("access_token", grant.access_token);
    if (!grant.refresh_token.empty()) json.member("refresh_token", grant.refresh_token);
    json.member("token_type", "Bearer").member("expires_in", grant.access_lifetime.count());
    if (!grant.refresh_token.empty()) json.member("refresh_expires_in", grant.refresh_lifetime.count());
    if (!grant.device.empty()) json.member("device", grant.device);
    json.end_object();
    delivered.device = std::move(grant.device);
    return delivered;
}

result<transport> transport_of(const fields& fields) {
    const auto tokens = fields.optional("tokens");
    if (!tokens) return std::unexpected(tokens.error());
    if (!*tokens || (*tokens)->empty() || **tokens == "cookie") return transport::cookie;
    if (**tokens == "body") return transport::bearer;
    return invalid("tokens", "invalid", "The field 'tokens' must be 'cookie' or 'body'.");
}

task<result<answer>> register_account(userinfo_service& service, request_context& context) {
    auto email = context.fields.required("email");
    if (!email) co_return std::unexpected(email.error());
    auto password = context.fields.secret("password");
    if (!password) co_return std::unexpected(password.error());
    const auto registered = co_await service.perform(
        context.call, use_cases::register_account{.email = std::move(*email), .password = std::move(*password)});
    if (!registered) co_return std::unexpected(registered.error());
    co_return answer();
}

task<result<answer>> log_in(userinfo_service& service, request_context& context) {
    auto email = context.fields.required("email");
    if (!email) co_return std::unexpected(email.error());
    auto password = context.fields.secret("password");
    if (!password) co_return std::unexpected(password.error());
    const auto transport = transport_of(context.fields);
    if (!transport) co_return std::unexpected(transport.error());

    auto grant =
        co_await service.perform(context.call, use_cases::log_in{.email = std::move(*email),
                                                                 .password = std::move(*password),
                                                                 .transport = *transport,
                                                                 .device = std::string(context.credentials.device)});
    if (!grant) co_return std::unexpected(grant.error());
    context.forget_seen_version = grant->transport == transport::cookie;
    co_return deliver(std::move(*grant), context);
}

task<result<answer>> log_out(userinfo_service& service, request_context& context) {
    const auto in_body = context.fields.optional("refresh_token");
    if (!in_body) co_return std::unexpected(in_body.error());
    // A cookie that is taken away must be worth nothing. Of several of one name each is ended that is genuine: whoever
    // planted one ends their own session.
    auto& [access_tokens, refresh_tokens] = context.all_tokens;
    if (context.credentials.transport == transport::bearer) access_tokens = {context.credentials.access_token};
    const std::string_view given = in_body->has_value() ? std::string_view(**in_body) : std::string_view();
    const bool is_new = !given.empty() && std::ranges::find(refresh_tokens, given) == refresh_tokens.end();
    if (is_new) refresh_tokens.insert(refresh_tokens.begin(), given);
    const auto calls = std::max<std::size_t>({1, access_tokens.size(), refresh_tokens.size()});
    access_tokens.resize(calls);
    refresh_tokens.resize(calls);
    for (std::size_t i = 0; i < calls; ++i) {
        context.call.access_token = access_tokens[i];
        const auto ended =
            co_await service.perform(context.call, use_cases::log_out{.refresh_token = std::string(refresh_tokens[i])});
        if (!ended) co_return std::unexpected(ended.error());
    }
    context.clear_cookies = true;
    co_return answer();
}

task<result<answer>> refresh(userinfo_service& service, request_context& context) {
    auto in_body = context.fields.optional("refresh_token");
    if (!in_body) co_return std::unexpected(in_body.error());
    const bool bearer = *in_body && !(*in_body)->empty();
    auto token = bearer ? std::move(**in_body) : std::string(context.credentials.refresh_token);
    if (token.empty()) co_return invalid("refresh_token", "missing", "There is no refresh token.");
    auto grant = co_await service.perform(
        context.call, use_cases::refresh{.refresh_token = std::move(token),
                                         .transport = bearer ? transport::bearer : transport::cookie});
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), context);
}

task<result<answer>> get_account(userinfo_service& service, request_context& context) {
    const auto found = co_await service.perform(context.call, use_cases::get_account());
    if (!found) co_return std::unexpected(found.error());
    answer shown;
    shown.data.clear();
    json_writer(shown.data)
        .begin_object()
        .member("account_id", found->id.to_string())
        .member("email", found->email)
        .member("created_at", to_rfc3339(found->created_at))
        .member("status", to_string(found->status))
        .end_object();
    co_return shown;
}

task<result<answer>> change_password(userinfo_service& service, request_context& context) {
    auto current = context.fields.secret("current_password");
    if (!current) co_return std::unexpected(current.error());
    auto replacement = context.fields.secret("new_password");
    if (!replacement) co_return std::unexpected(replacement.error());
    auto grant = co_await service.perform(
        context.call, use_cases::change_password{.current_password = std::move(*current),
                                                 .new_password = std::move(*replacement),
                                                 .device = std::string(context.credentials.device)});
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), context);
}

task<result<answer>> reauthenticate(userinfo_service& service, request_context& context) {
    auto password = context.fields.secret("password");
    if (!password) co_return std::unexpected(password.error());
    auto grant = co_await service.perform(
        context.call,
        use_cases::reauthenticate{.password = std::move(*password), .device = std::string(context.credentials.device)});
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), context);
}

task<result<answer>> delete_account(userinfo_service& service, request_context& context) {
    auto password = context.fields.secret("password");
    if (!password) co_return std::unexpected(password.error());
    const auto deleted = co_await service.perform(
        context.call,
        use_cases::delete_account{.password = std::move(*password), .device = std::string(context.credentials.device)});
    if (!deleted) co_return std::unexpected(deleted.error());
    context.clear_cookies = true;
    co_return answer();
}

using http::method;

constexpr failure_codes register_codes{200003, 200001, 200002, 200002};
constexpr failure_codes log_in_codes{200006, 200005, 200005, 200005};

constexpr std::array table{
    endpoint{method::post, "/api/account/register", access::anyone, register_codes, register_account},
    endpoint{method::post, "/api/account/login", access::anyone, log_in_codes, log_in},
    endpoint{method::post, "/api/account/logout", access::each_token, account_codes, log_out},
    endpoint{method::post, "/api/account/refresh", access::one_token, account_codes, refresh},
    endpoint{method::get, "/api/account", access::session, account_codes, get_account},
    endpoint{method::delete_, "/api/account", access::session, account_codes, delete_account},
    endpoint{method::post, "/api/account/password", access::session, account_codes, change_password},
    endpoint{method::post, "/api/account/reauthenticate", access::session, account_codes, reauthenticate},
};

}  // namespace

std::span<const endpoint> account_routes() { return table; }

}  // namespace userinfo::gateway
