// All that is kept in a database.
#pragma once

#include "base/clock.h"
#include "storage/sql/database.h"
#include "storage/sql/sql_account_store.h"
#include "storage/sql/sql_audit_store.h"
#include "storage/sql/sql_device_store.h"
#include "storage/sql/sql_key_store.h"
#include "storage/sql/sql_profile_store.h"
#include "storage/sql/sql_session_store.h"
#include "storage/sql/sql_throttle_store.h"

namespace userinfo::sql {

struct sql_stores {
    // `replicas` is null if there are none. Both, and `clock`, must outlive it.
    sql_stores(database& primary, database* replicas, const clock& clock)
        : accounts(primary, clock),
          sessions(primary, clock),
          profiles(primary, replicas),
          keys(primary),
          throttle(primary),
          devices(primary, clock),
          audit(primary) {}

    sql_account_store accounts;
    sql_session_store sessions;
    sql_profile_store profiles;
    sql_key_store keys;
    sql_throttle_store throttle;
    sql_device_store devices;
    sql_audit_store audit;
};

}  // namespace userinfo::sql
