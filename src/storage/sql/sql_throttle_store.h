// Failed attempts in an SQL database.
#pragma once

#include "attempts/throttle_store.h"
#include "storage/sql/database.h"

namespace userinfo::sql {

class sql_throttle_store final : public throttle_store {
public:
    explicit sql_throttle_store(database& database) : database_(database) {}

    task<result<throttle_state>> find(throttle_key key) override;
    task<result<throttle_state>> add_failure(throttle_key key, const throttle_rule& rule,
                                             const audit_event& failed) override;
    task<result<throttle_state>> shorten(throttle_key key, const throttle_rule& rule, timestamp now) override;
    task<result<void>> clear(throttle_key key) override;
    task<result<bool>> unlock(throttle_key key, const audit_event& audit) override;
    task<result<void>> purge(timestamp before, timestamp now) override;

private:
    database& database_;
};

}  // namespace userinfo::sql
