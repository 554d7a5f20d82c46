// The database chosen by the settings: the embedded one in data_dir, or a group of MariaDB servers.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "programs/settings.h"
#include "storage/sql/database.h"
#include "storage/sql/migrations.h"
#include "storage/sql/mysql/mysql_cluster.h"

namespace userinfo::programs {

// The path of the embedded database.
std::filesystem::path database_file(const settings& settings);

// Migrates the schema to this program's version. Returns the applied migrations. Throws std::runtime_error if the
// database cannot be used or its schema is too new, and config_error if a password file or a
// certificate cannot be used.
std::vector<sql::applied_migration> migrate_database(const settings& settings, const clock& clock);

class chosen_database {
public:
    // Waits for a limited time for a writable server. Throws like migrate_database, std::runtime_error if there is no
    // such server or the schema is not this program's, config_error if the embedded database does not exist, and
    // told_to_stop.
    // `clock` must outlive it.
    chosen_database(const settings& settings, const clock& clock, metrics& metrics);

    // Reads and writes the latest data.
    sql::database& primary() { return *primary_; }

    // May be some seconds behind. Reading from them costs the primary nothing. Null if there are none.
    sql::database* replicas() { return replicas_.get(); }

    // The address of the primary. Empty if the database is embedded. Throws std::runtime_error if there is no primary
    // at the moment.
    std::optional<sql::mysql_endpoint> primary_endpoint() const;

private:
    std::unique_ptr<sql::mysql_cluster> servers_;  // null if the database is embedded
    std::unique_ptr<sql::database> primary_, replicas_;
};

}  // namespace userinfo::programs
