#include "storage/sql/migrations.h"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

#include "base/log.h"

namespace userinfo::sql {

namespace {

using numbers = std::set<std::int64_t>;

numbers load_applied(schema_connection& connection) {
    numbers applied;
    if (!connection.has_table("schema_migration")) return applied;
    for (const auto& row : connection.query("SELECT number FROM schema_migration")) applied.insert(row.integer(0));
    return applied;
}

std::int64_t newest(std::span<const migration> known) { return known.empty() ? 0 : known.back().number; }

std::int64_t newest(const numbers& applied) { return applied.empty() ? 0 : *applied.rbegin(); }

// Throws std::runtime_error. `why` continues the sentence.
[[noreturn]] void refuse_schema(const numbers& applied, const std::string& why) {
    throw std::runtime_error("the database's schema is at migration " + std::to_string(newest(applied)) + ", but " +
                             why);
}

// The number of the migration that a program must know to run on the schema. Before the schema had a row that says it,
// a program had to know all migrations.
std::int64_t oldest_program(schema_connection& connection, const numbers& applied) {
    if (!connection.has_table("schema_compatibility")) return newest(applied);
    const auto row = connection.query_one("SELECT oldest_program FROM schema_compatibility WHERE id = 1");
    return row ? row->integer(0) : newest(applied);
}

void refuse_too_new(schema_connection& connection, const numbers& applied, std::span<const migration> known) {
    if (newest(applied) <= newest(known)) return;
    const auto needed = oldest_program(connection, applied);
    if (needed <= newest(known)) return;
    refuse_schema(applied, "this program knows only up to " + std::to_string(newest(known)) +
                               ": run a newer version of userinfo, one that knows migration " + std::to_string(needed));
}

// Another migrator may have been faster. Only the transaction can tell whether the migration is still missing.
std::optional<applied_migration> apply_next(schema_connection& connection, std::span<const migration> known,
                                            const clock& clock) {
    const auto applied = load_applied(connection);
    refuse_too_new(connection, applied, known);
    const auto next =
        std::ranges::find_if(known, [&](const migration& each) { return !applied.contains(each.number); });
    if (next == known.end()) return std::nullopt;
    connection.run_script(next->script);
    const auto now = clock.now();
    connection.execute("INSERT INTO schema_migration (number, name, applied_at) VALUES (?, ?, ?)",
                       {next->number, next->name, now});
    return applied_migration{.number = next->number, .name = std::string(next->name), .applied_at = now};
}

}  // namespace

std::vector<applied_migration> apply_migrations(schema_connection& connection, std::span<const migration> known,
                                                const clock& clock) {
    std::vector<applied_migration> done;
    for (;;) {
        connection.begin_exclusive();
        try {
            auto applied = apply_next(connection, known, clock);
            connection.commit();
            if (!applied) return done;
            log_info("migrated the schema", {{"number", applied->number}, {"name", applied->name}});
            done.push_back(std::move(*applied));
        } catch (...) {
            connection.rollback();
            throw;
        }
    }
}

void require_schema(schema_connection& connection, std::span<const migration> known) {
    const auto applied = load_applied(connection);
    refuse_too_new(connection, applied, known);
    if (newest(applied) < newest(known)) {
        refuse_schema(applied, "this program needs " + std::to_string(newest(known)) + ": run `userinfo migrate`");
    }
}

}  // namespace userinfo::sql
