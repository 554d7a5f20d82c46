// Sessions in an SQL database.
#pragma once

#include "session/session_store.h"
#include "storage/sql/database.h"
#include "storage/sql/kept_answer.h"

namespace userinfo::sql {

class sql_session_store final : public session_store {
public:
    // `clock` gives revocations their time.
    sql_session_store(database& database, const clock& clock) : database_(database), clock_(clock) {}

    task<result<session_opening>> open(const session& opened, std::uint64_t verified_version, std::size_t per_account,
                                       const device_use& device, const audit_event& audit) override;
    task<result<std::optional<session>>> find_live(uuid id, timestamp now) override;
    task<result<std::optional<stored_session>>> find(uuid id) override;
    task<result<rotation>> rotate(const rotation_request& request, const audit_event& audit) override;
    task<result<bool>> note_arrival(uuid id, std::uint64_t generation) override;
    task<result<bool>> end(uuid account, uuid id, end_reason reason, const audit_event& audit) override;
    task<result<void>> end_one(const principal& by, uuid id, const audit_event& audit) override;
    task<result<session_ids>> end_others(const principal& by, timestamp since, const audit_event& audit) override;
    task<result<session>> reauthenticate(const principal& by, const audit_event& audit) override;
    task<result<std::vector<session>>> list_live(uuid account, timestamp now) override;
    task<result<revocation_view>> revoked_since(timestamp since) override;
    task<result<void>> purge(timestamp revoked_before, timestamp ended_before) override;

private:
    // The argument of revoked_since, and the answer, oldest first.
    struct revocation_tail {
        timestamp since;
        std::vector<revocation> revoked;
    };

    database& database_;
    const clock& clock_;
    kept_answer<revocation_tail> tail_;
};

}  // namespace userinfo::sql
