// The built-in SQLite migrations, and the functions behind `userinfo migrate`.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "base/clock.h"
#include "storage/sql/migrations.h"

namespace userinfo::sql {

std::span<const migration> sqlite_migrations();

// Creates the file if needed, applies the missing migrations and returns them. Safe beside other migrators and running
// servers. Throws std::runtime_error if the file cannot be used or its schema is too new for this program.
std::vector<applied_migration> migrate_sqlite(const std::filesystem::path& file, const clock& clock);

}  // namespace userinfo::sql
