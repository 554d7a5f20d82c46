// The database and its stores, which the server and the command line verbs share.
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "programs/chosen_database.h"
#include "programs/settings.h"
#include "session/session.h"
#include "storage/sql/sql_account_store.h"
#include "storage/sql/sql_audit_store.h"
#include "storage/sql/sql_key_store.h"
#include "storage/sql/sql_profile_store.h"
#include "storage/sql/sql_session_store.h"
#include "storage/sql/sql_throttle_store.h"

namespace userinfo::programs {

struct storage_parts {
    // Throws std::runtime_error if the database cannot be used or its schema is not this program's.
    storage_parts(const settings& settings, const clock& clock, metrics& metrics)
        : database(settings, metrics),
          accounts(database.primary(), clock),
          sessions(database.primary(), clock),
          profiles(database.primary(), database.replicas()),
          keys(database.primary()),
          throttle(database.primary()),
          audit(database.primary()) {}

    chosen_database database;
    sql::sql_account_store accounts;
    sql::sql_session_store sessions;
    sql::sql_profile_store profiles;
    sql::sql_key_store keys;
    sql::sql_throttle_store throttle;
    sql::sql_audit_store audit;
};

}  // namespace userinfo::programs
