// The table audit_event.
#pragma once

#include "account/audit_event.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

void insert_audit(connection& db, const audit_event& event);

}  // namespace userinfo::sql
