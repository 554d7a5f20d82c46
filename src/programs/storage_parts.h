// The parts that the server and the command line verbs have in common: the database and what is kept in it.
#pragma once

#include <filesystem>

#include "account/session.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "programs/settings.h"
#include "storage/sql/sql_account_store.h"
#include "storage/sql/sql_audit_store.h"
#include "storage/sql/sql_key_store.h"
#include "storage/sql/sql_profile_store.h"
#include "storage/sql/sql_session_store.h"
#include "storage/sql/sql_throttle_store.h"
#include "storage/sql/sqlite/sqlite_database.h"

namespace userinfo::programs {

inline std::filesystem::path database_file(const settings& settings) { return settings.data_dir / "userinfo.db"; }

struct storage_parts {
    // Throws std::runtime_error if the database cannot be used or its schema is not this program's.
    storage_parts(const settings& settings, const clock& clock, metrics& metrics)
        : database({.file = database_file(settings)}, metrics),
          accounts(database, clock),
          sessions(database, clock),
          profiles(database),
          keys(database),
          throttle(database),
          audit(database) {}

    sql::sqlite_database database;
    sql::sql_account_store accounts;
    sql::sql_session_store sessions;
    sql::sql_profile_store profiles;
    sql::sql_key_store keys;
    sql::sql_throttle_store throttle;
    sql::sql_audit_store audit;
};

}  // namespace userinfo::programs
