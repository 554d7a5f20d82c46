// The whole service under people who do everything at once: what a reply promised holds on every thread.
#include <atomic>

#include <gtest/gtest.h>

#include "base/spawn.h"
#include "support/background_thread.h"
#include "support/failure_of.h"
#include "support/service_fixture.h"
#include "support/threads.h"

namespace userinfo {
namespace {

using namespace test;

class service_under_load : public testing::Test {
protected:
    service_under_load() {
        for (const auto& email : emails_) parts_.register_account(email);
        EXPECT_TRUE(run(parts_.revoked.load()));
        spawn(parts_.background.get_executor(), "revocations", parts_.revoked.follow());
        following_.emplace(parts_.background);
    }

    // Ends what follows before the parts that it uses.
    ~service_under_load() override { following_.reset(); }

    result<void> log_out(const token_grant& grant) {
        return run(parts_.sessions.log_out(parts_.request(grant.access_token), grant.refresh_token));
    }

    const std::vector<std::string> emails_{anna, berta, "carla@example.org"};
    service_fixture parts_;
    std::optional<background_thread> following_;
};

TEST_F(service_under_load, a_session_lives_from_log_in_to_log_out_and_no_longer) {
    run_threads(emails_.size(), [&](std::size_t person) {
        for (int i = 0; i < 30; ++i) {
            const auto first = parts_.log_in(emails_[person]);
            ASSERT_TRUE(parts_.is_accepted(first));
            const auto next = parts_.refresh(first);
            ASSERT_TRUE(next) << next.error().message;
            ASSERT_TRUE(parts_.is_accepted(*next));
            ASSERT_TRUE(log_out(*next));
            ASSERT_FALSE(parts_.is_accepted(*next));
            ASSERT_FALSE(parts_.is_accepted(first));
            ASSERT_FALSE(parts_.refresh(*next));
        }
    });
}

TEST_F(service_under_load, no_thread_accepts_a_session_after_the_log_out_of_another_has_returned) {
    for (int i = 0; i < 30; ++i) {
        const auto grant = parts_.log_in(anna);
        std::atomic<bool> ended = false;
        std::atomic<int> accepted_late = 0;
        run_threads(4, [&](std::size_t thread) {
            if (thread == 0) {
                EXPECT_TRUE(log_out(grant));
                ended = true;
                return;
            }
            for (int j = 0; j < 20; ++j) {
                const bool was_ended = ended;
                if (parts_.is_accepted(grant) && was_ended) ++accepted_late;
            }
        });
        EXPECT_EQ(accepted_late, 0);
        EXPECT_FALSE(parts_.is_accepted(grant));
    }
}

TEST_F(service_under_load, of_many_refreshes_of_one_token_all_get_the_same_successor) {
    const auto grant = parts_.log_in(anna);
    std::vector<result<token_grant>> next(4);
    run_threads(next.size(), [&](std::size_t i) { next[i] = parts_.refresh(grant); });
    for (const auto& each : next) {
        ASSERT_TRUE(each) << each.error().message;
        EXPECT_EQ(each->refresh_token, next[0]->refresh_token);
    }
}

TEST_F(service_under_load, of_many_registers_of_one_email_one_succeeds) {
    std::atomic<int> made = 0, refused = 0;
    run_threads(4, [&](std::size_t) {
        const auto account =
            run(parts_.accounts.create(parts_.request(), "dora@example.org", good_password, "register"));
        if (account) ++made;
        if (failure_of(account) == errc::already_exists) ++refused;
    });
    EXPECT_EQ(made, 1);
    EXPECT_EQ(refused, 3);
}

}  // namespace
}  // namespace userinfo
