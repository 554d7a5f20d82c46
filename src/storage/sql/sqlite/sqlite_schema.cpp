#include "storage/sql/sqlite/sqlite_schema.h"

#include <array>

#include "sqlite_0001_initial.embedded.h"
#include "sqlite_0002_attempts_keys_audit.embedded.h"
#include "sqlite_0003_cluster.embedded.h"
#include "sqlite_0004_compatibility.embedded.h"
#include "sqlite_0005_refresh_arrival.embedded.h"
#include "sqlite_0006_devices.embedded.h"
#include "storage/sql/sqlite/sqlite_connection.h"

namespace userinfo::sql {

namespace {

constexpr std::array migrations{
    migration{.number = 1, .name = "initial", .script = embedded::sqlite_0001_initial},
    migration{.number = 2, .name = "attempts_keys_audit", .script = embedded::sqlite_0002_attempts_keys_audit},
    migration{.number = 3, .name = "cluster", .script = embedded::sqlite_0003_cluster},
    migration{.number = 4, .name = "compatibility", .script = embedded::sqlite_0004_compatibility},
    migration{.number = 5, .name = "refresh_arrival", .script = embedded::sqlite_0005_refresh_arrival},
    migration{.number = 6, .name = "devices", .script = embedded::sqlite_0006_devices},
};

}  // namespace

std::span<const migration> sqlite_migrations() { return migrations; }

std::vector<applied_migration> migrate_sqlite(const std::filesystem::path& file, const clock& clock) {
    sqlite_connection connection(file, sqlite_connection::access::create);
    return apply_migrations(connection, sqlite_migrations(), clock);
}

}  // namespace userinfo::sql
