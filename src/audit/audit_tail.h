// Follows the audit trail while it grows: gives each event once, soon after it becomes visible. Ids become visible out
// of their order (settled_ids.h), so the last ones are read again and again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "audit/audit_store.h"
#include "audit/settled_ids.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// What one look has found.
struct audit_news {
    std::vector<stored_audit_event> events;  // by id
    bool more = false;                       // there may be more at once
};

class audit_tail {
public:
    using time_source = std::function<std::chrono::steady_clock::time_point()>;

    // Gives only events that `filter` selects. `store` must outlive it.
    audit_tail(audit_store& store, audit_filter filter, time_source now = std::chrono::steady_clock::now)
        : store_(store), filter_(filter), now_(std::move(now)) {}

    // Begins near the end of the trail. Events that were stored longer ago are never given.
    task<result<void>> begin();

    // This event need not be given.
    void skip(std::int64_t id) {
        if (id > settled_) given_.insert(id);
    }

    // Returns events that were not given yet. Errors as audit_store; then nothing is lost, and the call may be
    // repeated.
    task<result<audit_news>> next();

private:
    audit_store& store_;
    const audit_filter filter_;
    const time_source now_;
    settled_ids visible_;
    std::int64_t settled_ = 0;      // what has this id or a lower one was given, or came before `begin`
    std::int64_t after_ = 0;        // where the next look goes on
    std::set<std::int64_t> given_;  // above settled_
};

}  // namespace userinfo
