// Profiles in an SQL database.
#pragma once

#include "profile/profile_store.h"
#include "storage/sql/database.h"

namespace userinfo::sql {

class sql_profile_store final : public profile_store {
public:
    // `replicas` serves reads that may be slightly old; null: there are none. Both must outlive the store.
    sql_profile_store(database& latest, database* replicas) : database_(latest), replicas_(replicas) {}

    task<result<versioned_profile>> find(uuid account) override;
    task<result<std::optional<versioned_profile>>> find_on_replica(uuid account) override;
    task<result<versioned_profile>> create(uuid account, const profile_changes& changes, timestamp now) override;
    task<result<versioned_profile>> update(uuid account, const profile_changes& changes, write_condition condition,
                                           timestamp now) override;
    task<result<versioned_profile>> remove(uuid account, write_condition condition, timestamp now) override;

private:
    database& database_;
    database* replicas_;
};

}  // namespace userinfo::sql
