#include "service/userinfo_service.h"

namespace userinfo {

namespace {

result<profile_view> to_view(const principal& caller, result<cached_profile> profile) {
    if (!profile) return std::unexpected(std::move(profile.error()));
    return profile_view{.account = caller.account, .profile = std::move(*profile)};
}

}  // namespace

userinfo_service::userinfo_service(service_settings settings, accounts& accounts, sessions& sessions,
                                   session_check& check, profiles& profiles, account_cache& cache,
                                   const access_keys& keys, const clock& clock)
    : settings_(settings),
      accounts_(accounts),
      sessions_(sessions),
      check_(check),
      profiles_(profiles),
      cache_(cache),
      keys_(keys),
      clock_(clock) {}

task<result<principal>> userinfo_service::authenticate_recent(call& call) {
    auto caller = co_await check_.authenticate(call);
    if (!caller || clock_.now() - caller->auth_time <= settings_.recent_log_in) co_return caller;
    co_return std::unexpected(error{.code = errc::reauthentication_required,
                                    .message = "Give your password again: it was given too long ago.",
                                    .greatest_age = settings_.recent_log_in});
}

task<result<void>> userinfo_service::register_account(call& call, std::string email, std::string password) {
    const auto created = co_await accounts_.create(call, email, password, "register");
    if (!created) co_return std::unexpected(created.error());
    co_return result<void>();
}

task<result<log_in_outcome>> userinfo_service::log_in(call& call, log_in_request request) {
    auto granted = co_await accounts_.log_in(call, request.email, request.password, request.wanted);
    if (!granted) co_return std::unexpected(granted.error());
    co_return log_in_outcome(std::move(*granted));
}

task<result<token_grant>> userinfo_service::refresh(call& call, std::string refresh_token, transport expected) {
    co_return co_await sessions_.refresh(call, refresh_token, expected);
}

task<result<void>> userinfo_service::log_out(call& call, log_out_request request) {
    co_return co_await sessions_.log_out(call, request.refresh_token);
}

task<result<account>> userinfo_service::get_account(call& call) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.find(caller->account);
}

task<result<token_grant>> userinfo_service::change_password(call& call, std::string current_password,
                                                            std::string new_password) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.change_password(call, *caller, current_password, new_password);
}

task<result<token_grant>> userinfo_service::reauthenticate(call& call, std::string password) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.reauthenticate(call, *caller, password);
}

task<result<void>> userinfo_service::delete_account(call& call, std::string password) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.remove(call, *caller, password);
}

task<result<std::vector<session_view>>> userinfo_service::list_sessions(call& call) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    auto found = co_await sessions_.list(*caller);
    if (!found) co_return std::unexpected(found.error());
    std::vector<session_view> views;
    for (auto& session : *found) {
        const bool current = session.id == caller->session;
        views.push_back({.value = std::move(session), .current = current});
    }
    co_return views;
}

task<result<void>> userinfo_service::end_session(call& call, std::string id) {
    const auto caller = co_await authenticate_recent(call);
    if (!caller) co_return std::unexpected(caller.error());
    const auto session = uuid::parse(id);
    if (!session) co_return failure(errc::not_found, "There is no such session.");
    co_return co_await sessions_.end_one(call, *caller, *session);
}

task<result<void>> userinfo_service::end_other_sessions(call& call) {
    const auto caller = co_await authenticate_recent(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await sessions_.end_others(call, *caller);
}

task<result<profile_view>> userinfo_service::get_profile(call& call, std::optional<seen_version> seen) {
    auto claims = check_.verify(call);
    if (!claims) co_return std::unexpected(std::move(claims.error()));
    const auto account = (*claims)->subject;
    auto cached = co_await cache_.get(account, (*claims)->session);
    const auto caller = co_await check_.authenticate(std::move(*claims), cached.session);
    if (!caller) co_return std::unexpected(caller.error());
    const bool own = seen && seen->account == account;
    auto found = co_await profiles_.get(account, own ? seen->version : 0, std::move(cached.profile));
    if (found && !(*found)->value) co_return failure(errc::not_found, "There is no profile yet.");
    co_return to_view(*caller, std::move(found));
}

task<result<profile_view>> userinfo_service::create_profile(call& call, profile_input input) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.create(caller->account, input));
}

task<result<profile_view>> userinfo_service::update_profile(call& call, profile_input input,
                                                            std::optional<std::uint64_t> if_version) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.update(caller->account, input, if_version));
}

task<result<profile_view>> userinfo_service::delete_profile(call& call, std::optional<std::uint64_t> if_version) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.remove(caller->account, if_version));
}

task<result<std::string>> userinfo_service::public_keys(call&) { co_return keys_.current()->jwks(); }

}  // namespace userinfo
