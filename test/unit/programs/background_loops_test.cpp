// What the program does beside requests: if one of its loops ends, so does the program.
#include <atomic>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/log.h"
#include "net/io_threads.h"
#include "programs/application.h"
#include "programs/chosen_caches.h"
#include "programs/chosen_database.h"
#include "support/scratch_folder.h"

namespace userinfo::programs {
namespace {

class clock_that_breaks final : public clock {
public:
    void break_down() { broken_ = true; }

    timestamp now() const override {
        if (broken_) throw std::logic_error("the clock is broken");
        return system_clock().now();
    }

private:
    std::atomic<bool> broken_ = false;
};

class background_loops_death_test : public testing::Test {
protected:
    background_loops_death_test() {
        GTEST_FLAG_SET(death_test_style, "fast");  // the child uses and leaves the folder of this process
        settings_.data_dir = folder_ / "data";
        settings_.passwords.threads = 1;
    }

    const userinfo::test::scratch_folder folder_;
    const testing::KilledBySignal by_abort_{SIGABRT};
    settings settings_;
};

TEST(background_loops, are_all_started_in_the_same_way) {
    std::vector<std::string> names;
    for (const auto& loop : application::background_loops()) names.emplace_back(loop.name);
    EXPECT_EQ(names, (std::vector<std::string>{"key ring", "revocations", "unsure writes", "audit linker",
                                               "housekeeping", "stored hashes"}));
}

// `application` spawns all its loops by one statement, so it does not matter which of them asks the clock first.
TEST_F(background_loops_death_test, a_loop_of_the_service_that_throws_ends_the_program) {
    EXPECT_EXIT(
        {
            open_log({.level = log_level::info, .format = log_format::json, .file = {}});
            clock_that_breaks clock;
            metrics figures;
            net::io_threads threads(1);
            std::filesystem::create_directory(settings_.data_dir);
            migrate_database(settings_, clock);
            application whole(settings_, "http://localhost", clock, figures, threads);
            whole.start();
            clock.break_down();
            for (;;) pause();
        },
        by_abort_,
        R"re("where":"(key ring|revocations|unsure writes|audit linker|housekeeping)".*the clock is broken)re");
}

TEST_F(background_loops_death_test, a_loop_of_the_redis_client_that_throws_ends_the_program) {
    settings_.redis.nodes = {"127.0.0.1:1"};
    EXPECT_EXIT(
        {
            open_log({.level = log_level::info, .format = log_format::json, .file = {}});
            const system_clock clock;
            metrics figures;
            const internal_key key;
            net::io_threads threads(2);
            chosen_caches caches(settings_, clock, clock, key, threads.contexts(), figures);
            caches.start(threads[1]);  // it belongs to the first
            for (;;) pause();
        },
        by_abort_, R"("a bug ends the program","where":"Redis Cluster","cause":"std::logic_error: )");
}

}  // namespace
}  // namespace userinfo::programs
