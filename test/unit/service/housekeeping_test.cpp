#include "service/housekeeping.h"

#include "base/spawn.h"
#include "support/background_thread.h"
#include "support/eventually.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(housekeeping, forgets_revocations_that_no_token_outlived_and_keeps_the_others) {
    service_fixture parts;
    parts.register_account(anna);
    const auto log_out = [&] {
        EXPECT_TRUE(run(parts.sessions.log_out(parts.request(), parts.log_in(anna).refresh_token)));
    };
    log_out();
    parts.clock.advance(49h);
    log_out();
    audit_retention retention({}, parts.store.audit, parts.chain, parts.alarm, parts.clock);
    housekeeping cleaning(parts.store.sessions, parts.store.devices, parts.store.throttle, retention, parts.clock);
    spawn(parts.background.get_executor(), "housekeeping", cleaning.run());
    const background_thread runner(parts.background);
    EXPECT_TRUE(
        eventually([&] { return run(parts.store.sessions.revoked_since(timestamp())).value().revoked.size() == 1; }));
    EXPECT_EQ(run(parts.store.sessions.revoked_since(timestamp())).value().revoked.front().revoked_at,
              parts.clock.now());
}

TEST(housekeeping, forgets_audit_events_past_their_retention_as_soon_as_it_runs) {
    service_fixture parts;
    parts.register_account(anna);
    ASSERT_TRUE(run(parts.linker.link_pending()));
    parts.clock.advance(std::chrono::days(401));
    audit_retention retention({}, parts.store.audit, parts.chain, parts.alarm, parts.clock);
    housekeeping cleaning(parts.store.sessions, parts.store.devices, parts.store.throttle, retention, parts.clock);
    spawn(parts.background.get_executor(), "housekeeping", cleaning.run());
    const background_thread runner(parts.background);
    EXPECT_TRUE(eventually([&] { return run(parts.store.audit.list({}, {}, 1)).value().empty(); }));
}

}  // namespace
}  // namespace userinfo
