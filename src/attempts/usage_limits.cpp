#include "attempts/usage_limits.h"

#include "base/source.h"

namespace userinfo {

usage_limits::usage_limits(source_limits& buckets, metrics& metrics)
    : buckets_(buckets),
      refused_(metrics.counter("userinfo_usage_refused_total",
                               "Refreshes, profile writes and forced reads of logged-in clients refused by a limit.")) {
}

task<result<void>> usage_limits::admit_refresh(const call& call, uuid session) {
    return admit(call, source_action::refresh, session, source_action::session_refresh);
}

task<result<void>> usage_limits::admit_profile_write(const call& call, uuid session) {
    return admit(call, source_action::write_profile, session, source_action::session_write_profile);
}

task<result<void>> usage_limits::admit_forced_read(const call& call, uuid session) {
    return admit(call, source_action::force_read, session, source_action::session_force_read);
}

task<result<void>> usage_limits::admit(const call& call, source_action by_source, uuid session,
                                       source_action by_session) {
    // The session first, so that one client does not use up what others of its source have.
    auto wait = co_await buckets_.take(by_session, session.to_string());
    if (!wait) wait = co_await buckets_.take(by_source, source_of(call.address));
    if (!wait) co_return result<void>();
    refused_.add();
    co_return too_many_attempts(*wait);
}

}  // namespace userinfo
