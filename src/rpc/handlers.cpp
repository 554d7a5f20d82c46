#include "rpc/handlers.h"

#include <utility>

#include "rpc/messages.h"

namespace userinfo::rpc {

namespace {

std::unexpected<error> no_transport() {
    return invalid("transport", "unknown", "The transport must be TRANSPORT_COOKIE or TRANSPORT_BEARER.");
}

// An empty reply, or why there is none.
template <class Response>
result<Response> empty(const result<void>& outcome) {
    if (!outcome) return std::unexpected(outcome.error());
    return Response();
}

template <class Response>
result<Response> with_grant(const result<token_grant>& outcome) {
    if (!outcome) return std::unexpected(outcome.error());
    Response reply;
    *reply.mutable_grant() = to_message(*outcome);
    return reply;
}

template <class Response>
result<Response> with_profile(const result<profile_view>& outcome) {
    if (!outcome) return std::unexpected(outcome.error());
    Response reply;
    *reply.mutable_profile() = to_message(*outcome);
    return reply;
}

template <class Request>
std::optional<std::uint64_t> version_in(const Request& request) {
    if (!request.has_if_version()) return std::nullopt;
    return request.if_version();
}

}  // namespace

task<result<v1::RegisterResponse>> handle(userinfo_service& userinfo, call& call, v1::RegisterRequest request) {
    co_return empty<v1::RegisterResponse>(co_await userinfo.register_account(call, std::move(*request.mutable_email()),
                                                                             std::move(*request.mutable_password())));
}

task<result<v1::LoginResponse>> handle(userinfo_service& userinfo, call& call, v1::LoginRequest request) {
    const auto transport = from_message(request.transport());
    if (!transport) co_return no_transport();
    co_return with_grant<v1::LoginResponse>(
        co_await userinfo.log_in(call, {.email = std::move(*request.mutable_email()),
                                        .password = std::move(*request.mutable_password()),
                                        .transport = *transport}));
}

task<result<v1::RefreshResponse>> handle(userinfo_service& userinfo, call& call, v1::RefreshRequest request) {
    const auto transport = from_message(request.transport());
    if (!transport) co_return no_transport();
    co_return with_grant<v1::RefreshResponse>(
        co_await userinfo.refresh(call, std::move(*request.mutable_refresh_token()), *transport));
}

task<result<v1::LogoutResponse>> handle(userinfo_service& userinfo, call& call, v1::LogoutRequest request) {
    co_return empty<v1::LogoutResponse>(
        co_await userinfo.log_out(call, {.refresh_token = std::move(*request.mutable_refresh_token())}));
}

task<result<v1::GetPublicKeysResponse>> handle(userinfo_service& userinfo, call& call, v1::GetPublicKeysRequest) {
    auto keys = co_await userinfo.public_keys(call);
    if (!keys) co_return std::unexpected(keys.error());
    v1::GetPublicKeysResponse reply;
    reply.set_jwks(std::move(*keys));
    co_return reply;
}

task<result<v1::GetAccountResponse>> handle(userinfo_service& userinfo, call& call, v1::GetAccountRequest) {
    const auto account = co_await userinfo.get_account(call);
    if (!account) co_return std::unexpected(account.error());
    v1::GetAccountResponse reply;
    *reply.mutable_account() = to_message(*account);
    co_return reply;
}

task<result<v1::ChangePasswordResponse>> handle(userinfo_service& userinfo, call& call,
                                                v1::ChangePasswordRequest request) {
    co_return with_grant<v1::ChangePasswordResponse>(co_await userinfo.change_password(
        call, std::move(*request.mutable_current_password()), std::move(*request.mutable_new_password())));
}

task<result<v1::ReauthenticateResponse>> handle(userinfo_service& userinfo, call& call,
                                                v1::ReauthenticateRequest request) {
    co_return with_grant<v1::ReauthenticateResponse>(
        co_await userinfo.reauthenticate(call, std::move(*request.mutable_password())));
}

task<result<v1::DeleteAccountResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::DeleteAccountRequest request) {
    co_return empty<v1::DeleteAccountResponse>(
        co_await userinfo.delete_account(call, std::move(*request.mutable_password())));
}

task<result<v1::ListSessionsResponse>> handle(userinfo_service& userinfo, call& call, v1::ListSessionsRequest) {
    const auto sessions = co_await userinfo.list_sessions(call);
    if (!sessions) co_return std::unexpected(sessions.error());
    v1::ListSessionsResponse reply;
    for (const auto& session : *sessions) *reply.add_sessions() = to_message(session);
    co_return reply;
}

task<result<v1::EndSessionResponse>> handle(userinfo_service& userinfo, call& call, v1::EndSessionRequest request) {
    co_return empty<v1::EndSessionResponse>(
        co_await userinfo.end_session(call, std::move(*request.mutable_session_id())));
}

task<result<v1::EndOtherSessionsResponse>> handle(userinfo_service& userinfo, call& call, v1::EndOtherSessionsRequest) {
    co_return empty<v1::EndOtherSessionsResponse>(co_await userinfo.end_other_sessions(call));
}

task<result<v1::GetProfileResponse>> handle(userinfo_service& userinfo, call& call, v1::GetProfileRequest request) {
    std::optional<seen_version> seen;
    if (const auto account = uuid::parse(request.seen_account_id())) {
        seen = {.account = *account, .version = request.seen_version()};
    }
    co_return with_profile<v1::GetProfileResponse>(co_await userinfo.get_profile(call, seen));
}

task<result<v1::CreateProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::CreateProfileRequest request) {
    co_return with_profile<v1::CreateProfileResponse>(
        co_await userinfo.create_profile(call, from_message(request.input())));
}

task<result<v1::UpdateProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::UpdateProfileRequest request) {
    co_return with_profile<v1::UpdateProfileResponse>(
        co_await userinfo.update_profile(call, from_message(request.input()), version_in(request)));
}

task<result<v1::DeleteProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::DeleteProfileRequest request) {
    co_return with_profile<v1::DeleteProfileResponse>(co_await userinfo.delete_profile(call, version_in(request)));
}

}  // namespace userinfo::rpc
