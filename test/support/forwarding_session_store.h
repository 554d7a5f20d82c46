// A session store that forwards to another one. A base class for stores that count, fail, or inject events at the worst
// moment.
#pragma once

#include "session/session_store.h"

namespace userinfo::test {

class forwarding_session_store : public session_store {
public:
    explicit forwarding_session_store(session_store& next) : next_(next) {}

    task<result<session_opening>> open(const session& opened, std::uint64_t verified_version, std::size_t per_account,
                                       const device_use& device, const audit_event& audit) override {
        return next_.open(opened, verified_version, per_account, device, audit);
    }
    task<result<std::optional<session>>> find_live(uuid id, timestamp now) override { return next_.find_live(id, now); }
    task<result<std::optional<stored_session>>> find(uuid id) override { return next_.find(id); }
    task<result<rotation>> rotate(const rotation_request& request, const audit_event& audit) override {
        return next_.rotate(request, audit);
    }
    task<result<bool>> note_arrival(uuid id, std::uint64_t generation) override {
        return next_.note_arrival(id, generation);
    }
    task<result<bool>> end(uuid account, uuid id, end_reason reason, const audit_event& audit) override {
        return next_.end(account, id, reason, audit);
    }
    task<result<void>> end_one(const principal& by, uuid id, const audit_event& audit) override {
        return next_.end_one(by, id, audit);
    }
    task<result<session_ids>> end_others(const principal& by, timestamp since, const audit_event& audit) override {
        return next_.end_others(by, since, audit);
    }
    task<result<session>> reauthenticate(const principal& by, const audit_event& audit) override {
        return next_.reauthenticate(by, audit);
    }
    task<result<std::vector<session>>> list_live(uuid account, timestamp now) override {
        return next_.list_live(account, now);
    }
    task<result<revocation_view>> revoked_since(timestamp since) override { return next_.revoked_since(since); }
    task<result<void>> purge(timestamp revoked_before, timestamp ended_before) override {
        return next_.purge(revoked_before, ended_before);
    }

private:
    session_store& next_;
};

}  // namespace userinfo::test
