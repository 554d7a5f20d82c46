#include "programs/migrate.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "programs/chosen_database.h"

namespace userinfo::programs {

int run_migrate(const settings& settings) {
    const system_clock clock;
    const auto applied = migrate_database(settings, clock);
    for (const auto& migration : applied) fmt::print("applied {:04} {}\n", migration.number, migration.name);
    if (applied.empty()) fmt::print("the schema is up to date\n");
    return 0;
}

}  // namespace userinfo::programs
