#include "storage/sql/mysql/server_probe.h"

#include <chrono>

#include <gtest/gtest.h>

#include "storage/sql/mysql/mysql_handle.h"
#include "storage/sql/mysql/mysql_schema.h"
#include "support/eventually.h"
#include "support/mariadb_server.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

class server_probe_test : public testing::TestWithParam<const char*> {
protected:
    server_probe_test() { migrate_mysql(test::mariadb_migrator(), clock_); }

    // For longer than a commit may take.
    void rest() {
        const auto until = std::chrono::steady_clock::now() + 200ms;
        EXPECT_TRUE(test::eventually([&] {
            probe_.ask(false);
            return std::chrono::steady_clock::now() > until;
        }));
    }

    system_clock clock_;
    deadline_watchdog watchdog_;
    server_probe probe_{{.endpoint = test::mariadb_app(GetParam()), .require_replica = false, .longest_commit = 50ms},
                        clock_,
                        watchdog_};
    mysql_handle administrator_{test::mariadb_administrator("PRIMARY"), 0s};
};

TEST_P(server_probe_test, reads_no_table_of_a_server_at_rest) {
    rest();
    mysql_handle blocker(test::mariadb_administrator(GetParam()), 0s);
    blocker.run("LOCK TABLES cluster_state WRITE");
    EXPECT_NO_THROW(probe_.ask(false));
    blocker.run("UNLOCK TABLES");
}

TEST_P(server_probe_test, learns_of_a_promotion_after_a_rest) {
    rest();
    const auto before = probe_.ask(false).epoch;
    administrator_.run("UPDATE cluster_state SET epoch = epoch + 1");
    EXPECT_TRUE(test::eventually([&] { return probe_.ask(false).epoch == before + 1; }, 2s));
}

INSTANTIATE_TEST_SUITE_P(of_a, server_probe_test, testing::Values("PRIMARY", "REPLICA"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace

}  // namespace userinfo::sql
