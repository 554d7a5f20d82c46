#include "session/session_rules.h"

#include <algorithm>
#include <utility>

#include "tokens/access_token.h"

namespace userinfo {

namespace {

bool is_live_of(const std::optional<stored_session>& found, const uuid& account, timestamp now) {
    return found && found->value.account == account && found->is_live(now);
}

}  // namespace

bool stored_session::is_live(timestamp now) const {
    const bool account_allows = account.status == account_status::active && account.session_epoch == epoch;
    return !ended && account_allows && value.expires_at() > now;
}

result<void> check_own_session(const std::optional<stored_session>& own, const principal& by, timestamp now) {
    if (is_live_of(own, by.account, now)) return {};
    return std::unexpected(session_ended());
}

result<void> check_other_session(const std::optional<stored_session>& other, const principal& by, timestamp now) {
    if (is_live_of(other, by.account, now)) return {};
    return std::unexpected(no_such_session());
}

bool is_recent(timestamp auth_time, timestamp now, std::chrono::seconds greatest_age) {
    const auto age =
        std::chrono::floor<std::chrono::seconds>(now) - std::chrono::floor<std::chrono::seconds>(auth_time);
    return age >= -largest_skew && age <= greatest_age;
}

bool may_log_out(const std::optional<stored_session>& found, const uuid& account) {
    return found && found->value.account == account && !found->ended;
}

session_ids surplus_sessions(const std::vector<session>& live, std::size_t per_account) {
    const auto kept = std::max<std::size_t>(per_account, 1) - 1;
    if (live.size() <= kept) return {};
    // Of two that were last used at the same time, the one that was opened first.
    std::vector<std::pair<timestamp, std::size_t>> unused_longest_first;
    for (std::size_t i = 0; i < live.size(); ++i) unused_longest_first.emplace_back(live[i].last_seen_at, i);
    std::ranges::sort(unused_longest_first);
    session_ids surplus;
    for (std::size_t i = 0; i < live.size() - kept; ++i) surplus.push_back(live[unused_longest_first[i].second].id);
    return surplus;
}

}  // namespace userinfo
