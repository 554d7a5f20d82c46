#include "account/account_rules.h"

#include <utility>

namespace userinfo {

error wrong_credentials() {
    return {.code = errc::wrong_credentials, .message = "The email address or the password is wrong."};
}

error account_suspended() { return {.code = errc::account_suspended, .message = "This account is suspended."}; }

error email_taken() { return {.code = errc::already_exists, .message = "This email is registered already."}; }

result<void> check_log_in(const std::optional<account_standing>& account, std::optional<std::uint64_t> password_version,
                          std::uint64_t verified_version) {
    // In this order: only a caller with the current password learns that the account is suspended.
    if (!check_exists(account) || password_version != verified_version) return std::unexpected(wrong_credentials());
    if (account->status == account_status::suspended) return std::unexpected(account_suspended());
    return {};
}

result<void> check_password_change(const std::optional<stored_session>& own,
                                   std::optional<std::uint64_t> password_version, const password_change& change,
                                   timestamp now) {
    auto allowed = check_own_session(own, change.by, now);
    if (!allowed) return allowed;
    if (password_version == change.verified_version) return {};
    return failure(errc::wrong_password, "The password was changed meanwhile.");
}

result<void> check_removal(const std::optional<account_standing>& account, const std::optional<stored_session>& own,
                           const principal& by, timestamp now) {
    auto allowed = check_own_session(own, by, now);
    if (!allowed) return allowed;
    return check_exists(account);
}

result<void> check_exists(const std::optional<account_standing>& account) {
    if (account && account->status != account_status::deleted) return {};
    return std::unexpected(no_such_account());
}

result<status_change> decide_status_change(const std::optional<account_standing>& account, account_status wanted) {
    if (wanted == account_status::deleted) return failure(errc::invalid_argument, "Deleting is not a status.");
    const auto exists = check_exists(account);
    if (!exists) return std::unexpected(exists.error());
    if (account->status == wanted) return status_change::none;
    return wanted == account_status::suspended ? status_change::suspend : status_change::restore;
}

}  // namespace userinfo
