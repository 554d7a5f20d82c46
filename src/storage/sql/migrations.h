// Schema migrations: numbered scripts built into the program. Each is applied once, in one transaction.
//
// The scripts also state which programs may run on the schema (table schema_compatibility), so that two versions can
// run side by side during an upgrade, and the older one again after a rollback.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

struct migration {
    std::int64_t number;  // 1, 2, 3 …
    std::string_view name;
    std::string_view script;
};

struct applied_migration {
    std::int64_t number;
    std::string name;
    timestamp applied_at;
};

// The additional operations that migrations need from a database.
class schema_connection : public connection {
public:
    virtual bool has_table(std::string_view name) = 0;
    virtual void run_script(std::string_view script) = 0;

    // Waits for other migrators and locks them out until commit or rollback.
    virtual void begin_exclusive() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
};

// Applies the missing migrations in order and returns them. Safe to run in several programs at once. Throws
// std::runtime_error if the schema is too new for a program that knows only `known`, and driver_error.
std::vector<applied_migration> apply_migrations(schema_connection& connection, std::span<const migration> known,
                                                const clock& clock);

// Throws std::runtime_error if a migration of `known` is missing, or if the schema is newer and does not permit a
// program that knows only `known`. The message says what to do.
void require_schema(schema_connection& connection, std::span<const migration> known);

}  // namespace userinfo::sql
