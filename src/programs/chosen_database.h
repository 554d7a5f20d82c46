// The database that the settings name: the embedded one in data_dir, or MariaDB's servers.
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

// Where the embedded database is.
std::filesystem::path database_file(const settings& settings);

// Brings the schema to this program's version; returns what was applied. Throws std::runtime_error: the database cannot
// be used, or its schema is newer; config_error: a password file cannot be used.
std::vector<sql::applied_migration> migrate_database(const settings& settings, const clock& clock);

class chosen_database {
public:
    // Waits a while for a server that takes writes. Throws as migrate_database, std::runtime_error if there is none or
    // the schema is not this program's, and told_to_stop.
    chosen_database(const settings& settings, metrics& metrics);

    // What was committed before is there.
    sql::database& primary() { return *primary_; }

    // May be some seconds behind; what it answers costs the primary nothing.
    sql::database& replicas() { return replicas_ ? *replicas_ : *primary_; }

    // Where the primary is; nothing: the database is the embedded one. Throws std::runtime_error if there is none just
    // now.
    std::optional<sql::mysql_endpoint> primary_endpoint() const;

private:
    std::unique_ptr<sql::mysql_cluster> servers_;  // null: embedded
    std::unique_ptr<sql::database> primary_, replicas_;
};

}  // namespace userinfo::programs
