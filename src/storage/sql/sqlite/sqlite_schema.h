// The built-in SQLite migrations, and the functions behind `userinfo migrate`.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "base/clock.h"
#include "storage/sql/migrations.h"

namespace userinfo::sql {

std::span<const migration> sqlite_migrations();

// Makes the file if it is not there and applies what is missing; returns that. Safe beside other programs that do the
// same, or serve. Throws std::runtime_error: the file cannot be used, or its schema is newer than this program.
std::vector<applied_migration> migrate_sqlite(const std::filesystem::path& file, const clock& clock);

}  // namespace userinfo::sql
