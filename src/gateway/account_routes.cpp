#include <chrono>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "gateway/rfc3339.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

// How a grant reaches the client: in cookies, or in the body; never in both.
answer deliver(token_grant grant, exchange& exchange) {
    answer delivered;
    if (grant.transport == transport::cookie) {
        // One that was renewed on the way must reach the client, too.
        if (grant.refresh_token.empty() && exchange.new_cookies) {
            grant.refresh_token = std::move(exchange.new_cookies->refresh_token);
        }
        exchange.new_cookies = std::move(grant);
        return delivered;
    }
    delivered.data.clear();
    json_writer json(delivered.data);
    json.begin_object().member("access_token", grant.access_token);
    if (!grant.refresh_token.empty()) json.member("refresh_token", grant.refresh_token);
    json.member("token_type", "Bearer").member("expires_in", grant.access_lifetime.count());
    if (!grant.refresh_token.empty()) json.member("refresh_expires_in", grant.refresh_lifetime.count());
    json.end_object();
    return delivered;
}

result<transport> transport_of(const fields& fields) {
    const auto tokens = fields.optional("tokens");
    if (!tokens) return std::unexpected(tokens.error());
    if (!*tokens || **tokens == "cookie") return transport::cookie;
    if (**tokens == "body") return transport::bearer;
    return invalid("tokens", "invalid", "The field 'tokens' must be 'cookie' or 'body'.");
}

}  // namespace

task<result<answer>> routes::register_account(exchange& exchange) {
    auto email = exchange.fields.required("email");
    if (!email) co_return std::unexpected(email.error());
    auto password = exchange.fields.required("password");
    if (!password) co_return std::unexpected(password.error());
    const auto registered = co_await client_.register_account(exchange.call, std::move(*email), std::move(*password));
    if (!registered) co_return std::unexpected(registered.error());
    co_return answer();
}

task<result<answer>> routes::log_in(exchange& exchange) {
    auto email = exchange.fields.required("email");
    if (!email) co_return std::unexpected(email.error());
    auto password = exchange.fields.required("password");
    if (!password) co_return std::unexpected(password.error());
    const auto transport = transport_of(exchange.fields);
    if (!transport) co_return std::unexpected(transport.error());

    auto grant = co_await client_.log_in(
        exchange.call, {.email = std::move(*email), .password = std::move(*password), .transport = *transport});
    if (!grant) co_return std::unexpected(grant.error());
    exchange.forget_seen_version = grant->transport == transport::cookie;
    co_return deliver(std::move(*grant), exchange);
}

task<result<answer>> routes::log_out(exchange& exchange) {
    const auto in_body = exchange.fields.optional("refresh_token");
    if (!in_body) co_return std::unexpected(in_body.error());
    const std::string in_cookie(exchange.credentials.refresh_token);
    std::vector<std::string> ending{in_body->value_or("")};
    // A cookie that is taken away must be worth nothing.
    if (ending.front().empty()) {
        ending.front() = in_cookie;
    } else if (!in_cookie.empty() && ending.front() != in_cookie) {
        ending.push_back(in_cookie);
    }
    for (auto& refresh_token : ending) {
        const auto ended = co_await client_.log_out(exchange.call, {.refresh_token = std::move(refresh_token)});
        if (!ended) co_return std::unexpected(ended.error());
    }
    exchange.clear_cookies = true;
    co_return answer();
}

task<result<answer>> routes::refresh(exchange& exchange) {
    auto in_body = exchange.fields.optional("refresh_token");
    if (!in_body) co_return std::unexpected(in_body.error());
    const bool bearer = *in_body && !(*in_body)->empty();
    auto token = bearer ? std::move(**in_body) : std::string(exchange.credentials.refresh_token);
    if (token.empty()) co_return invalid("refresh_token", "missing", "There is no refresh token.");
    auto grant =
        co_await client_.refresh(exchange.call, std::move(token), bearer ? transport::bearer : transport::cookie);
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), exchange);
}

task<result<answer>> routes::get_account(exchange& exchange) {
    const auto found = co_await client_.get_account(exchange.call);
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

task<result<answer>> routes::change_password(exchange& exchange) {
    auto current = exchange.fields.required("current_password");
    if (!current) co_return std::unexpected(current.error());
    auto wanted = exchange.fields.required("new_password");
    if (!wanted) co_return std::unexpected(wanted.error());
    auto grant = co_await client_.change_password(exchange.call, std::move(*current), std::move(*wanted));
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), exchange);
}

task<result<answer>> routes::reauthenticate(exchange& exchange) {
    auto password = exchange.fields.required("password");
    if (!password) co_return std::unexpected(password.error());
    auto grant = co_await client_.reauthenticate(exchange.call, std::move(*password));
    if (!grant) co_return std::unexpected(grant.error());
    co_return deliver(std::move(*grant), exchange);
}

task<result<answer>> routes::delete_account(exchange& exchange) {
    auto password = exchange.fields.required("password");
    if (!password) co_return std::unexpected(password.error());
    const auto deleted = co_await client_.delete_account(exchange.call, std::move(*password));
    if (!deleted) co_return std::unexpected(deleted.error());
    exchange.clear_cookies = true;
    co_return answer();
}

}  // namespace userinfo::gateway
