#include "base/timer.h"

#include <gtest/gtest.h>

#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

TEST(timer, resumes_at_its_time_and_not_before) {
    const auto when = steady::now() + 30ms;
    test::run(sleep_until(when));
    EXPECT_GE(steady::now(), when);
}

TEST(timer, resumes_at_once_if_the_time_has_passed) {
    const auto begin = steady::now();
    test::run(sleep_until(begin - 1h));
    EXPECT_LT(steady::now() - begin, 10s);
}

}  // namespace
}  // namespace userinfo
