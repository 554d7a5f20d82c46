#include "storage/sql/mysql/mysql_lock.h"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/mariadb_server.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

TEST(mysql_lock, is_held_by_one_until_that_one_is_gone) {
    const auto server = test::mariadb_app("PRIMARY");
    std::optional<mysql_lock> held(std::in_place, server, "a thing", 0s);
    EXPECT_THROW(mysql_lock(server, "a thing", 0s), std::runtime_error);
    const mysql_lock another(server, "another thing", 0s);
    held.reset();
    const mysql_lock next(server, "a thing", 10s);
}

}  // namespace

}  // namespace userinfo::sql
