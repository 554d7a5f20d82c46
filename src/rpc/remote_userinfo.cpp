#include "rpc/remote_userinfo.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "base/log.h"
#include "rpc/call_figures.h"
#include "rpc/call_metadata.h"
#include "rpc/failures.h"
#include "rpc/instances.h"
#include "rpc/messages.h"
#include "rpc/methods.h"

namespace userinfo::rpc {

namespace {

using steady = std::chrono::steady_clock;

// The other side broke the contract.
std::unexpected<error> broken_contract() {
    log_error("the service sent a message that breaks the contract");
    return failure(errc::internal, "Something went wrong inside.");
}

template <class T>
result<T> require(std::optional<T> value) {
    if (!value) return broken_contract();
    return std::move(*value);
}

result<void> nothing_of(const auto& reply) {
    if (!reply) return std::unexpected(reply.error());
    return {};
}

template <class Response>
result<token_grant> grant_of(const result<Response>& reply) {
    if (!reply) return std::unexpected(reply.error());
    return require(from_message(reply->grant()));
}

template <class Response>
result<profile_view> profile_of(const result<Response>& reply) {
    if (!reply) return std::unexpected(reply.error());
    return require(from_message(reply->profile()));
}

}  // namespace

// How an RPC is made, whichever it is.
class remote_userinfo::calls {
public:
    calls(const net::tls_certificate* certificate, const std::vector<asio::io_context*>& contexts, metrics& metrics)
        : instances(certificate, contexts), contexts_(contexts), figures_(metrics, call_figures::side::gateway) {}

    template <class Request>
    task<result<typename method<Request>::response>> perform(call& call, Request message) {
        constexpr auto& is = method<Request>::is;
        const auto begin = steady::now();
        const auto reply = co_await ask(call, is, message.SerializeAsString());
        figures_.observe(is.path, reply.status.code, steady::now() - begin);
        call.account = account_in(reply.metadata);
        if (!reply.status.is_ok()) co_return std::unexpected(to_error(reply.status));
        typename method<Request>::response answer;
        if (!answer.ParseFromString(reply.message)) co_return broken_contract();
        co_return answer;
    }

    rpc::instances instances;

private:
    task<h2::reply> ask(const call& call, const method_properties& is, std::string message) {
        const auto home = co_await asio::this_coro::executor;
        const auto lane = lane_of(home.context());
        h2::reply reply{.status = {.code = h2::status_code::unavailable, .message = "there is no service"}};
        const instance* last = nullptr;
        for (int attempt = 1; attempt <= 2; ++attempt) {
            const auto chosen = instances.choose(lane, last);
            if (!chosen) break;
            const instance::call_in_flight counted(chosen);
            reply = co_await chosen->ask(lane, {.path = is.path,
                                                .fields = metadata_of(call),
                                                .message = message,
                                                .deadline = call.deadline,
                                                .is_abandoned = is.hashes_a_password ? call.client_left : nullptr});
            const bool again =
                is.may_repeat ? reply.came != h2::reply::progress::answered : reply.came == h2::reply::progress::unsent;
            if (!again) break;
            last = chosen.get();
        }
        co_return reply;
    }

    std::size_t lane_of(const asio::io_context& context) const {
        const auto found = std::ranges::find(contexts_, &context);
        if (found == contexts_.end()) std::terminate();  // the constructor was not told of it
        return static_cast<std::size_t>(found - contexts_.begin());
    }

    const std::vector<asio::io_context*> contexts_;
    call_figures figures_;
};

remote_userinfo::remote_userinfo(const net::tls_certificate* certificate,
                                 const std::vector<asio::io_context*>& contexts, metrics& metrics)
    : calls_(std::make_unique<calls>(certificate, contexts, metrics)) {}

remote_userinfo::~remote_userinfo() = default;

void remote_userinfo::update(std::vector<instance_address> instances) {
    calls_->instances.update(std::move(instances));
}

task<result<void>> remote_userinfo::register_account(call& call, std::string email, std::string password) {
    v1::RegisterRequest request;
    request.set_email(std::move(email));
    request.set_password(std::move(password));
    co_return nothing_of(co_await calls_->perform(call, std::move(request)));
}

task<result<token_grant>> remote_userinfo::log_in(call& call, log_in_request asked) {
    v1::LoginRequest request;
    request.set_email(std::move(asked.email));
    request.set_password(std::move(asked.password));
    request.set_transport(to_message(asked.transport));
    co_return grant_of(co_await calls_->perform(call, std::move(request)));
}

task<result<token_grant>> remote_userinfo::refresh(call& call, std::string refresh_token, transport transport) {
    v1::RefreshRequest request;
    request.set_refresh_token(std::move(refresh_token));
    request.set_transport(to_message(transport));
    co_return grant_of(co_await calls_->perform(call, std::move(request)));
}

task<result<void>> remote_userinfo::log_out(call& call, log_out_request asked) {
    v1::LogoutRequest request;
    request.set_refresh_token(std::move(asked.refresh_token));
    co_return nothing_of(co_await calls_->perform(call, std::move(request)));
}

task<result<account>> remote_userinfo::get_account(call& call) {
    const auto reply = co_await calls_->perform(call, v1::GetAccountRequest());
    if (!reply) co_return std::unexpected(reply.error());
    co_return require(from_message(reply->account()));
}

task<result<token_grant>> remote_userinfo::change_password(call& call, std::string current_password,
                                                           std::string new_password) {
    v1::ChangePasswordRequest request;
    request.set_current_password(std::move(current_password));
    request.set_new_password(std::move(new_password));
    co_return grant_of(co_await calls_->perform(call, std::move(request)));
}

task<result<token_grant>> remote_userinfo::reauthenticate(call& call, std::string password) {
    v1::ReauthenticateRequest request;
    request.set_password(std::move(password));
    co_return grant_of(co_await calls_->perform(call, std::move(request)));
}

task<result<void>> remote_userinfo::delete_account(call& call, std::string password) {
    v1::DeleteAccountRequest request;
    request.set_password(std::move(password));
    co_return nothing_of(co_await calls_->perform(call, std::move(request)));
}

task<result<std::vector<session_view>>> remote_userinfo::list_sessions(call& call) {
    const auto reply = co_await calls_->perform(call, v1::ListSessionsRequest());
    if (!reply) co_return std::unexpected(reply.error());
    std::vector<session_view> sessions;
    for (const auto& message : reply->sessions()) {
        auto session = require(from_message(message));
        if (!session) co_return std::unexpected(session.error());
        sessions.push_back(std::move(*session));
    }
    co_return sessions;
}

task<result<void>> remote_userinfo::end_session(call& call, std::string id) {
    v1::EndSessionRequest request;
    request.set_session_id(std::move(id));
    co_return nothing_of(co_await calls_->perform(call, std::move(request)));
}

task<result<void>> remote_userinfo::end_other_sessions(call& call) {
    co_return nothing_of(co_await calls_->perform(call, v1::EndOtherSessionsRequest()));
}

task<result<profile_view>> remote_userinfo::get_profile(call& call, std::optional<seen_version> seen) {
    v1::GetProfileRequest request;
    if (seen) {
        request.set_seen_account_id(seen->account.to_string());
        request.set_seen_version(seen->version);
    }
    co_return profile_of(co_await calls_->perform(call, std::move(request)));
}

task<result<profile_view>> remote_userinfo::create_profile(call& call, profile_input input) {
    v1::CreateProfileRequest request;
    *request.mutable_input() = to_message(input);
    co_return profile_of(co_await calls_->perform(call, std::move(request)));
}

task<result<profile_view>> remote_userinfo::update_profile(call& call, profile_input input,
                                                           std::optional<std::uint64_t> if_version) {
    v1::UpdateProfileRequest request;
    *request.mutable_input() = to_message(input);
    if (if_version) request.set_if_version(*if_version);
    co_return profile_of(co_await calls_->perform(call, std::move(request)));
}

task<result<profile_view>> remote_userinfo::delete_profile(call& call, std::optional<std::uint64_t> if_version) {
    v1::DeleteProfileRequest request;
    if (if_version) request.set_if_version(*if_version);
    co_return profile_of(co_await calls_->perform(call, std::move(request)));
}

task<result<std::string>> remote_userinfo::public_keys(call& call) {
    auto reply = co_await calls_->perform(call, v1::GetPublicKeysRequest());
    if (!reply) co_return std::unexpected(reply.error());
    co_return std::move(*reply->mutable_jwks());
}

}  // namespace userinfo::rpc
