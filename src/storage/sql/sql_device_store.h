// Devices in an SQL database.
#pragma once

#include "account/device_store.h"
#include "base/clock.h"
#include "storage/sql/database.h"

namespace userinfo::sql {

class sql_device_store final : public device_store {
public:
    sql_device_store(database& database, const clock& clock) : database_(database), clock_(clock) {}

    task<result<std::vector<device>>> list(uuid account) override;
    task<result<void>> forget(const principal& by, uuid device, const audit_event& audit) override;
    task<result<void>> purge(timestamp unused_since) override;

private:
    database& database_;
    const clock& clock_;
};

}  // namespace userinfo::sql
