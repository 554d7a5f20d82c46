// Writes that a cache lost, noted and settled from many threads.
#include <gtest/gtest.h>

#include "profile/unsure_writes.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace userinfo {
namespace {

TEST(profile_test, a_write_that_is_not_settled_is_doubted_whatever_others_do) {
    const test::manual_clock clock;
    unsure_writes writes(clock);
    const auto shared = uuid::random();
    test::run_threads(4, [&](std::size_t) {
        const auto own = uuid::random();
        for (std::uint64_t number = 1; number <= 2000; ++number) {
            writes.add(own, number);
            writes.add(shared, number);
            ASSERT_TRUE(writes.may_be_old(own, number - 1));
            writes.settle(own, number);
            ASSERT_FALSE(writes.may_be_old(own, number - 1));
            if (number % 500 == 0) ASSERT_LE(writes.pending().size(), 4u + 1u);
        }
    });
    EXPECT_TRUE(writes.may_be_old(shared, 1999));
    writes.settle(shared, 2000);
    EXPECT_TRUE(writes.pending().empty());
}

}  // namespace
}  // namespace userinfo
