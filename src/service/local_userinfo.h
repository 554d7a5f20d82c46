// The service in this process: authenticates the caller, and passes each use case on to accounts, sessions, devices or
// profiles.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "account/accounts.h"
#include "account/devices.h"
#include "attempts/attempts.h"
#include "attempts/usage_limits.h"
#include "base/clock.h"
#include "profile/profiles.h"
#include "service/account_cache.h"
#include "service/userinfo_service.h"
#include "session/session_check.h"
#include "session/sessions.h"
#include "tokens/access_keys.h"

namespace userinfo {

struct service_settings {
    // The greatest age of an authentication for use cases that need a recent one.
    std::chrono::seconds recent_log_in;
};

// Thread-safe.
class local_userinfo final : public userinfo_service {
public:
    // All must outlive it.
    local_userinfo(service_settings settings, accounts& accounts, attempts& attempts, usage_limits& limits,
                   sessions& sessions, devices& devices, session_check& check, profiles& profiles, account_cache& cache,
                   const access_keys& keys, const clock& clock);

    task<result<void>> perform(call& call, use_cases::register_account request) override;
    task<result<token_grant>> perform(call& call, use_cases::log_in request) override;
    task<result<token_grant>> perform(call& call, use_cases::refresh request) override;
    task<result<checked_session>> perform(call& call, use_cases::check_session request) override;
    task<result<void>> perform(call& call, use_cases::log_out request) override;

    task<result<account>> perform(call& call, use_cases::get_account request) override;
    task<result<token_grant>> perform(call& call, use_cases::change_password request) override;
    task<result<token_grant>> perform(call& call, use_cases::reauthenticate request) override;
    task<result<void>> perform(call& call, use_cases::delete_account request) override;

    task<result<std::vector<session_view>>> perform(call& call, use_cases::list_sessions request) override;
    task<result<void>> perform(call& call, use_cases::end_session request) override;
    task<result<void>> perform(call& call, use_cases::end_other_sessions request) override;

    task<result<std::vector<device_view>>> perform(call& call, use_cases::list_devices request) override;
    task<result<void>> perform(call& call, use_cases::forget_device request) override;

    task<result<profile_view>> perform(call& call, use_cases::get_profile request) override;
    task<result<profile_view>> perform(call& call, use_cases::create_profile request) override;
    task<result<profile_view>> perform(call& call, use_cases::update_profile request) override;
    task<result<profile_view>> perform(call& call, use_cases::delete_profile request) override;

    task<result<std::string>> perform(call& call, use_cases::get_public_keys request) override;
    task<result<page_settings>> perform(call& call, use_cases::get_page_settings request) override;

private:
    task<result<principal>> authenticate_recent(call& call);
    task<result<principal>> authenticate_writer(call& call);
    task<result<principal>> identify(call& call, const std::string& refresh_token);
    task<result<std::string>> email_of(const principal& caller);
    task<result<void>> admit_first_token(const call& call, const std::optional<refresh_token>& token);

    const service_settings settings_;
    accounts& accounts_;
    attempts& attempts_;
    usage_limits& limits_;
    sessions& sessions_;
    devices& devices_;
    session_check& check_;
    profiles& profiles_;
    account_cache& cache_;
    const access_keys& keys_;
    const clock& clock_;
};

}  // namespace userinfo
