#include "service/local_userinfo.h"

#include "identity/email.h"
#include "profile/write_rules.h"
#include "session/session_rules.h"

namespace userinfo {

namespace {

result<profile_view> to_view(const principal& caller, result<profile_ptr> profile) {
    if (!profile) return std::unexpected(std::move(profile.error()));
    return profile_view{.account = caller.account, .profile = std::move(*profile)};
}

session_view to_view(const principal& caller, session session) {
    return {.id = session.id,
            .current = session.id == caller.session,
            .transport = session.transport,
            .device = std::move(session.device),
            .address = std::move(session.address),
            .last_address = std::move(session.last_address),
            .auth_time = session.auth_time,
            .created_at = session.created_at,
            .last_seen_at = session.last_seen_at,
            .idle_expires_at = session.idle_expires_at,
            .absolute_expires_at = session.absolute_expires_at};
}

device_view to_view(owned_device owned) {
    return {.id = owned.value.id,
            .current = owned.current,
            .name = std::move(owned.value.name),
            .created_at = owned.value.created_at,
            .last_used_at = owned.value.last_used_at};
}

}  // namespace

local_userinfo::local_userinfo(service_settings settings, accounts& accounts, attempts& attempts, usage_limits& limits,
                               sessions& sessions, devices& devices, session_check& check, profiles& profiles,
                               account_cache& cache, const access_keys& keys, const clock& clock)
    : settings_(settings),
      accounts_(accounts),
      attempts_(attempts),
      limits_(limits),
      sessions_(sessions),
      devices_(devices),
      check_(check),
      profiles_(profiles),
      cache_(cache),
      keys_(keys),
      clock_(clock) {}

task<result<principal>> local_userinfo::authenticate_recent(call& call) {
    auto caller = co_await check_.authenticate(call);
    if (!caller || is_recent(caller->auth_time, clock_.now(), settings_.recent_log_in)) co_return caller;
    co_return std::unexpected(error{.code = errc::reauthentication_required,
                                    .message = "Give your password again: it was given too long ago.",
                                    .greatest_age = settings_.recent_log_in});
}

task<result<principal>> local_userinfo::authenticate_writer(call& call) {
    auto caller = co_await check_.authenticate(call);
    if (!caller) co_return caller;
    const auto admitted = co_await limits_.admit_profile_write(call, caller->session);
    if (!admitted) co_return std::unexpected(admitted.error());
    co_return caller;
}

// Only the database can tell a token of version 1 from a guess, so each guess would cost a query.
task<result<void>> local_userinfo::admit_first_token(const call& call, const std::optional<refresh_token>& token) {
    if (!token || token->outer) co_return result<void>();
    co_return co_await attempts_.admit(call, source_action::present_first_token);
}

task<result<void>> local_userinfo::perform(call& call, use_cases::register_account request) {
    const auto created = co_await accounts_.create(call, request.email, request.password.view(), "register");
    if (!created) co_return std::unexpected(created.error());
    co_return result<void>();
}

task<result<token_grant>> local_userinfo::perform(call& call, use_cases::log_in request) {
    co_return co_await accounts_.log_in(call, request.email, request.password.view(), request.transport,
                                        request.device);
}

task<result<token_grant>> local_userinfo::perform(call& call, use_cases::refresh request) {
    const auto token = sessions_.recognize(request.refresh_token);
    auto admitted = co_await admit_first_token(call, token);
    if (admitted && token) admitted = co_await limits_.admit_refresh(call, token->session);
    if (!admitted) co_return std::unexpected(admitted.error());
    co_return co_await sessions_.refresh(call, request.refresh_token, request.transport);
}

// As the gateway renews: only a missing or an expired access token lets the refresh token count.
task<result<principal>> local_userinfo::identify(call& call, const std::string& refresh_token) {
    auto caller = co_await check_.authenticate(call);
    if (caller || refresh_token.empty()) co_return caller;
    const bool may_refresh = call.access_token.empty() || caller.error().code == errc::token_expired;
    if (!may_refresh) co_return caller;
    caller = co_await sessions_.identify(call, refresh_token);
    if (caller) call.account = caller->account;
    co_return caller;
}

// From the cached profile, if there is one: it shows the account's address.
task<result<std::string>> local_userinfo::email_of(const principal& caller) {
    const auto cached = co_await cache_.get(caller.account, caller.session);
    if (cached.profile && cached.profile->value) co_return ascii_form(cached.profile->value->email);
    const auto account = co_await accounts_.find(caller.account);
    if (account) co_return ascii_form(account->email);
    // It was deleted meanwhile.
    if (account.error().code == errc::not_found) co_return std::unexpected(session_ended());
    co_return std::unexpected(account.error());
}

task<result<checked_session>> local_userinfo::perform(call& call, use_cases::check_session request) {
    const auto caller = co_await identify(call, request.refresh_token);
    if (!caller) co_return std::unexpected(caller.error());
    checked_session checked{.account = caller->account,
                            .session = caller->session,
                            .auth_time = caller->auth_time,
                            .email = {},
                            .access_token = sessions_.token_for_back_end(*caller)};
    if (request.with_email) {
        auto email = co_await email_of(*caller);
        if (!email) co_return std::unexpected(email.error());
        checked.email = std::move(*email);
    }
    co_return checked;
}

task<result<void>> local_userinfo::perform(call& call, use_cases::log_out request) {
    const auto admitted = co_await admit_first_token(call, sessions_.recognize(request.refresh_token));
    // The session of the access token ends in any case.
    auto ended = co_await sessions_.log_out(call, admitted ? request.refresh_token : std::string());
    if (!ended) co_return ended;
    co_return admitted;
}

task<result<account>> local_userinfo::perform(call& call, use_cases::get_account) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.find(caller->account);
}

task<result<token_grant>> local_userinfo::perform(call& call, use_cases::change_password request) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.change_password(call, *caller, request.current_password.view(),
                                                 request.new_password.view(), request.device);
}

task<result<token_grant>> local_userinfo::perform(call& call, use_cases::reauthenticate request) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.reauthenticate(call, *caller, request.password.view(), request.device);
}

task<result<void>> local_userinfo::perform(call& call, use_cases::delete_account request) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await accounts_.remove(call, *caller, request.password.view(), request.device);
}

task<result<std::vector<session_view>>> local_userinfo::perform(call& call, use_cases::list_sessions) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    auto found = co_await sessions_.list(*caller);
    if (!found) co_return std::unexpected(found.error());
    std::vector<session_view> views;
    for (auto& session : *found) views.push_back(to_view(*caller, std::move(session)));
    co_return views;
}

task<result<void>> local_userinfo::perform(call& call, use_cases::end_session request) {
    const auto caller = co_await authenticate_recent(call);
    if (!caller) co_return std::unexpected(caller.error());
    const auto session = uuid::parse(request.id);
    if (!session) co_return std::unexpected(no_such_session());
    co_return co_await sessions_.end_one(call, *caller, *session);
}

task<result<void>> local_userinfo::perform(call& call, use_cases::end_other_sessions) {
    const auto caller = co_await authenticate_recent(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return co_await sessions_.end_others(call, *caller);
}

task<result<std::vector<device_view>>> local_userinfo::perform(call& call, use_cases::list_devices request) {
    const auto caller = co_await check_.authenticate(call);
    if (!caller) co_return std::unexpected(caller.error());
    auto found = co_await devices_.list(*caller, request.device);
    if (!found) co_return std::unexpected(found.error());
    std::vector<device_view> views;
    for (auto& each : *found) views.push_back(to_view(std::move(each)));
    co_return views;
}

task<result<void>> local_userinfo::perform(call& call, use_cases::forget_device request) {
    const auto caller = co_await authenticate_recent(call);
    if (!caller) co_return std::unexpected(caller.error());
    const auto device = uuid::parse(request.id);
    if (!device) co_return std::unexpected(no_such_device());
    co_return co_await devices_.forget(call, *caller, *device);
}

task<result<profile_view>> local_userinfo::perform(call& call, use_cases::get_profile request) {
    auto claims = check_.verify(call);
    if (!claims) co_return std::unexpected(std::move(claims.error()));
    const auto account = (*claims)->subject;
    auto cached = co_await cache_.get(account, (*claims)->session);
    const auto caller = co_await check_.authenticate(call, std::move(*claims), cached.session);
    if (!caller) co_return std::unexpected(caller.error());
    const auto seen = highest_of(account, request.seen);
    if (profiles_.is_forced(account, seen, cached.profile)) {
        const auto admitted = co_await limits_.admit_forced_read(call, caller->session);
        if (!admitted) co_return std::unexpected(admitted.error());
    }
    auto found = co_await profiles_.get(account, seen, std::move(cached.profile));
    if (found && !(*found)->value) co_return std::unexpected(no_such_profile());
    co_return to_view(*caller, std::move(found));
}

task<result<profile_view>> local_userinfo::perform(call& call, use_cases::create_profile request) {
    const auto caller = co_await authenticate_writer(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.create(caller->account, request.input));
}

task<result<profile_view>> local_userinfo::perform(call& call, use_cases::update_profile request) {
    const auto caller = co_await authenticate_writer(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.update(caller->account, request.input, std::move(request.condition)));
}

task<result<profile_view>> local_userinfo::perform(call& call, use_cases::delete_profile request) {
    const auto caller = co_await authenticate_writer(call);
    if (!caller) co_return std::unexpected(caller.error());
    co_return to_view(*caller, co_await profiles_.remove(caller->account, std::move(request.condition)));
}

task<result<std::string>> local_userinfo::perform(call&, use_cases::get_public_keys) {
    co_return keys_.current()->jwks();
}

task<result<page_settings>> local_userinfo::perform(call&, use_cases::get_page_settings) {
    co_return page_settings{.shortest_password = accounts_.rules_for_passwords().shortest,
                            .shortest_first_password = accounts_.rules_for_first_passwords().shortest,
                            .longest_password = longest_password,
                            .longest_username = longest_username,
                            .earliest_birthday = earliest_birthday};
}

}  // namespace userinfo
