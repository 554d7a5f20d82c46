#include "storage/sql/migrations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

#include "storage/sql/mysql/mysql_schema.h"
#include "storage/sql/sqlite/sqlite_connection.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

constexpr std::int64_t first_that_says_it = 4;

// The number that follows the first `text` of a script.
std::optional<std::int64_t> number_after(std::string_view script, std::string_view text) {
    const auto place = script.find(text);
    if (place == script.npos) return std::nullopt;
    script.remove_prefix(place + text.size());
    std::int64_t number = 0;
    const auto read = std::from_chars(script.data(), script.data() + script.size(), number);
    return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

TEST(migrations, of_both_databases_have_the_same_numbers_and_names) {
    EXPECT_TRUE(std::ranges::equal(sqlite_migrations(), mysql_migrations(), [](const auto& one, const auto& other) {
        return one.number == other.number && one.name == other.name;
    }));
}

TEST(migrations, each_one_states_the_oldest_program_that_may_run_on_it) {
    for (const auto migrations : {sqlite_migrations(), mysql_migrations()}) {
        for (const auto& each : migrations) {
            if (each.number <= first_that_says_it) continue;
            const auto oldest = number_after(each.script, "UPDATE schema_compatibility SET oldest_program = ");
            ASSERT_TRUE(oldest) << each.name;
            EXPECT_GE(*oldest, first_that_says_it) << each.name;
            EXPECT_LE(*oldest, each.number) << each.name;
        }
    }
}

TEST(migrations, the_oldest_program_that_the_schema_names_may_run_on_it) {
    const test::scratch_folder folder;
    const test::manual_clock clock;
    const auto file = folder / "userinfo.db";
    migrate_sqlite(file, clock);
    sqlite_connection db(file, sqlite_connection::access::write);
    const auto oldest = db.query_one("SELECT oldest_program FROM schema_compatibility")->count(0);

    EXPECT_NO_THROW(require_schema(db, sqlite_migrations().first(oldest)));
    EXPECT_THROW(require_schema(db, sqlite_migrations().first(oldest - 1)), std::runtime_error);
}

}  // namespace

}  // namespace userinfo::sql
