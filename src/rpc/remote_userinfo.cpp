#include "rpc/remote_userinfo.h"

#include <chrono>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <grpcpp/completion_queue.h>

#include "base/log.h"
#include "rpc/call_metadata.h"
#include "rpc/completion.h"
#include "rpc/failures.h"
#include "rpc/instances.h"
#include "rpc/messages.h"

namespace userinfo::rpc {

namespace {

error no_service() {
    return {.code = errc::unavailable,
            .message = "The service does not answer; try again shortly.",
            .retry_after = std::chrono::seconds(1)};
}

// The other side broke the contract.
template <class T>
result<T> require(std::optional<T> value) {
    if (value) return std::move(*value);
    log_error("the service sent a message that breaks the contract");
    return failure(errc::internal, "Something went wrong inside.");
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

// How often those who wait for a password to be hashed are looked after.
constexpr std::chrono::milliseconds watch_interval{100};

template <class Request>
constexpr bool hashes_a_password =
    std::is_same_v<Request, v1::RegisterRequest> || std::is_same_v<Request, v1::LoginRequest> ||
    std::is_same_v<Request, v1::ChangePasswordRequest> || std::is_same_v<Request, v1::ReauthenticateRequest> ||
    std::is_same_v<Request, v1::DeleteAccountRequest>;

// Cancels an RPC once its client has left, so that the service learns of it. On the context that the call comes from.
class client_watch {
public:
    client_watch(const call& call, grpc::ClientContext& context, io_executor home)
        : left_(call.client_left), context_(context), timer_(home) {
        if (left_) wait();
    }

    client_watch(const client_watch&) = delete;
    client_watch& operator=(const client_watch&) = delete;

private:
    using steady = std::chrono::steady_clock;

    // The handler may already be on its way when this ends.
    void wait() {
        timer_.expires_after(watch_interval);
        timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& stopped) {
            if (stopped || alive.expired()) return;
            if (!left_()) return wait();
            context_.TryCancel();
        });
    }

    const std::function<bool()>& left_;
    grpc::ClientContext& context_;
    asio::basic_waitable_timer<steady, asio::wait_traits<steady>, io_executor> timer_;
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>();
};

// One attempt at a call. In the coroutine's frame, which stays until gRPC is done with it.
template <class Response>
class attempt final : public completion {
public:
    attempt(const call& call, io_executor home) : guard_(asio::make_work_guard(home)) { write_call(call, context); }

    // Starts the call, and resumes the coroutine on its own context when it is over.
    task<void> run(grpc::ClientAsyncResponseReader<Response>& reader) {
        co_await asio::async_initiate<const asio::use_awaitable_t<io_executor>, void()>(
            [this, &reader](auto handler) {
                resume_ = std::move(handler);
                reader.StartCall();
                reader.Finish(&response, &status, this);
            },
            use_task);
    }

    void complete(bool) override {
        const auto home = guard_.get_executor();
        asio::post(home, std::move(resume_));
    }

    grpc::ClientContext context;
    Response response;
    grpc::Status status;

private:
    asio::executor_work_guard<io_executor> guard_;
    std::move_only_function<void()> resume_;
};

// What serves the calls of one context.
class lane {
public:
    explicit lane(asio::io_context& home) : home(home), thread_(queue, "rpc-client") {}
    ~lane() { queue.Shutdown(); }

    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;

    asio::io_context& home;
    grpc::CompletionQueue queue;

private:
    queue_thread thread_;
};

enum class repeat { safe, unsafe };

}  // namespace

// How an RPC is made, whichever it is.
class remote_userinfo::calls {
public:
    template <class Request, class Response>
    using prepare_function = std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (v1::Userinfo::Stub::*)(
        grpc::ClientContext*, const Request&, grpc::CompletionQueue*);

    calls(std::shared_ptr<grpc::ChannelCredentials> credentials, const std::vector<asio::io_context*>& contexts)
        : instances(std::move(credentials)) {
        for (auto* const context : contexts) lanes_.push_back(std::make_unique<lane>(*context));
    }

    template <class Request, class Response>
    task<result<Response>> perform(call& call, repeat repeat, prepare_function<Request, Response> prepare,
                                   std::type_identity_t<Request> request = {}) {
        const auto home = co_await asio::this_coro::executor;
        auto& queue = lane_of(home.context()).queue;
        auto chosen = instances.choose();
        for (int tries = repeat == repeat::safe ? 2 : 1; chosen; --tries) {
            const instance::call_in_flight counted(chosen);
            attempt<Response> attempt(call, home);
            const auto reader = (chosen->stub().*prepare)(&attempt.context, request, &queue);
            std::optional<client_watch> watch;
            if constexpr (hashes_a_password<Request>) watch.emplace(call, attempt.context, home);
            co_await attempt.run(*reader);
            watch.reset();
            call.account = read_account(attempt.context);
            if (attempt.status.ok()) co_return std::move(attempt.response);
            const bool lost = is_lost_connection(attempt.status);
            if (lost) chosen->set_aside();
            if (!lost || tries == 1) co_return std::unexpected(to_error(attempt.status));
            chosen = instances.choose(chosen.get());
        }
        co_return std::unexpected(no_service());
    }

    rpc::instances instances;

private:
    lane& lane_of(asio::io_context& context) {
        for (const auto& lane : lanes_)
            if (&lane->home == &context) return *lane;
        std::terminate();  // a call from a context that the constructor was not told of
    }

    std::vector<std::unique_ptr<lane>> lanes_;
};

remote_userinfo::remote_userinfo(std::shared_ptr<grpc::ChannelCredentials> credentials,
                                 const std::vector<asio::io_context*>& contexts)
    : calls_(std::make_unique<calls>(std::move(credentials), contexts)) {}

remote_userinfo::~remote_userinfo() = default;

void remote_userinfo::update(std::vector<instance_address> instances) {
    calls_->instances.update(std::move(instances));
}

using stub = v1::Userinfo::Stub;

task<result<void>> remote_userinfo::register_account(call& call, std::string email, std::string password) {
    v1::RegisterRequest request;
    request.set_email(std::move(email));
    request.set_password(std::move(password));
    co_return nothing_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncRegister, std::move(request)));
}

task<result<log_in_outcome>> remote_userinfo::log_in(call& call, log_in_request asked) {
    v1::LoginRequest request;
    request.set_email(std::move(asked.email));
    request.set_password(std::move(asked.password));
    request.set_transport(to_message(asked.wanted));
    const auto reply = co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncLogin, std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->has_challenge()) co_return log_in_challenge{.token = reply->challenge().token()};
    co_return require(from_message(reply->grant()));
}

task<result<token_grant>> remote_userinfo::refresh(call& call, std::string refresh_token, transport expected) {
    v1::RefreshRequest request;
    request.set_refresh_token(std::move(refresh_token));
    request.set_transport(to_message(expected));
    // The predecessor of a token is answered with the same successor: it is safe to ask twice.
    co_return grant_of(co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncRefresh, std::move(request)));
}

task<result<void>> remote_userinfo::log_out(call& call, log_out_request asked) {
    v1::LogoutRequest request;
    request.set_refresh_token(std::move(asked.refresh_token));
    // Ending a session twice is no error.
    co_return nothing_of(co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncLogout, std::move(request)));
}

task<result<account>> remote_userinfo::get_account(call& call) {
    const auto reply = co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncGetAccount);
    if (!reply) co_return std::unexpected(reply.error());
    co_return require(from_message(reply->account()));
}

task<result<token_grant>> remote_userinfo::change_password(call& call, std::string current_password,
                                                           std::string new_password) {
    v1::ChangePasswordRequest request;
    request.set_current_password(std::move(current_password));
    request.set_new_password(std::move(new_password));
    co_return grant_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncChangePassword, std::move(request)));
}

task<result<token_grant>> remote_userinfo::reauthenticate(call& call, std::string password) {
    v1::ReauthenticateRequest request;
    request.set_password(std::move(password));
    co_return grant_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncReauthenticate, std::move(request)));
}

task<result<void>> remote_userinfo::delete_account(call& call, std::string password) {
    v1::DeleteAccountRequest request;
    request.set_password(std::move(password));
    co_return nothing_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncDeleteAccount, std::move(request)));
}

task<result<std::vector<session_view>>> remote_userinfo::list_sessions(call& call) {
    const auto reply = co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncListSessions);
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
    co_return nothing_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncEndSession, std::move(request)));
}

task<result<void>> remote_userinfo::end_other_sessions(call& call) {
    co_return nothing_of(co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncEndOtherSessions));
}

task<result<profile_view>> remote_userinfo::get_profile(call& call, std::optional<seen_version> seen) {
    v1::GetProfileRequest request;
    if (seen) {
        request.set_seen_account_id(seen->account.to_string());
        request.set_seen_version(seen->version);
    }
    co_return profile_of(
        co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncGetProfile, std::move(request)));
}

task<result<profile_view>> remote_userinfo::create_profile(call& call, profile_input input) {
    v1::CreateProfileRequest request;
    *request.mutable_input() = to_message(input);
    co_return profile_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncCreateProfile, std::move(request)));
}

task<result<profile_view>> remote_userinfo::update_profile(call& call, profile_input input,
                                                           std::optional<std::uint64_t> if_version) {
    v1::UpdateProfileRequest request;
    *request.mutable_input() = to_message(input);
    if (if_version) request.set_if_version(*if_version);
    co_return profile_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncUpdateProfile, std::move(request)));
}

task<result<profile_view>> remote_userinfo::delete_profile(call& call, std::optional<std::uint64_t> if_version) {
    v1::DeleteProfileRequest request;
    if (if_version) request.set_if_version(*if_version);
    co_return profile_of(
        co_await calls_->perform(call, repeat::unsafe, &stub::PrepareAsyncDeleteProfile, std::move(request)));
}

task<result<std::string>> remote_userinfo::public_keys(call& call) {
    auto reply = co_await calls_->perform(call, repeat::safe, &stub::PrepareAsyncGetPublicKeys);
    if (!reply) co_return std::unexpected(reply.error());
    co_return std::move(*reply->mutable_jwks());
}

}  // namespace userinfo::rpc
