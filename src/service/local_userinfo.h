// userinfo itself, in this process: says who calls, and hands each call to the rules of accounts, sessions and
// profiles.
#pragma once

#include <chrono>

#include "account/accounts.h"
#include "base/clock.h"
#include "profile/profiles.h"
#include "service/account_cache.h"
#include "service/userinfo_service.h"
#include "session/session_check.h"
#include "session/sessions.h"
#include "tokens/access_keys.h"

namespace userinfo {

struct service_settings {
    // How long ago the password may have been given for what asks for a recent proof.
    std::chrono::seconds recent_log_in = std::chrono::hours(1);
};

// Thread-safe.
class local_userinfo final : public userinfo_service {
public:
    // All must outlive it.
    local_userinfo(service_settings settings, accounts& accounts, sessions& sessions, session_check& check,
                   profiles& profiles, account_cache& cache, const access_keys& keys, const clock& clock);

    task<result<void>> register_account(call& call, std::string email, std::string password) override;
    task<result<token_grant>> log_in(call& call, log_in_request request) override;
    task<result<token_grant>> refresh(call& call, std::string refresh_token, transport transport) override;
    task<result<void>> log_out(call& call, log_out_request request) override;

    task<result<account>> get_account(call& call) override;
    task<result<token_grant>> change_password(call& call, std::string current_password,
                                              std::string new_password) override;
    task<result<token_grant>> reauthenticate(call& call, std::string password) override;
    task<result<void>> delete_account(call& call, std::string password) override;

    task<result<std::vector<session_view>>> list_sessions(call& call) override;
    task<result<void>> end_session(call& call, std::string id) override;
    task<result<void>> end_other_sessions(call& call) override;

    task<result<profile_view>> get_profile(call& call, std::optional<seen_version> seen) override;
    task<result<profile_view>> create_profile(call& call, profile_input input) override;
    task<result<profile_view>> update_profile(call& call, profile_input input,
                                              std::optional<std::uint64_t> if_version) override;
    task<result<profile_view>> delete_profile(call& call, std::optional<std::uint64_t> if_version) override;

    task<result<std::string>> public_keys(call& call) override;

private:
    task<result<principal>> authenticate_recent(call& call);

    const service_settings settings_;
    accounts& accounts_;
    sessions& sessions_;
    session_check& check_;
    profiles& profiles_;
    account_cache& cache_;
    const access_keys& keys_;
    const clock& clock_;
};

}  // namespace userinfo
