// Enforces the retention periods of the audit trail: deletes addresses and user agents first, whole events later.
#pragma once

#include <chrono>

#include "audit/audit_alarm.h"
#include "audit/audit_chain.h"
#include "audit/audit_store.h"
#include "base/clock.h"

namespace userinfo {

struct audit_retention_settings {
    std::chrono::milliseconds keep = std::chrono::days(400);
    std::chrono::milliseconds keep_addresses = std::chrono::days(90);  // at most `keep`
};

class audit_retention {
public:
    // `store`, `chain`, `alarm` and `clock` must outlive it.
    audit_retention(audit_retention_settings settings, audit_store& store, const audit_chain& chain, audit_alarm& alarm,
                    const clock& clock)
        : settings_(settings), store_(store), chain_(chain), alarm_(alarm), clock_(clock) {}

    // Deletes everything that is due, in short transactions. Only valid places of the chain are purged. At an invalid
    // place it raises the alarm and stops, because an anchor would cover up the tampering.
    task<result<void>> apply();

private:
    task<result<void>> drop_addresses(timestamp now);
    task<result<void>> purge(timestamp before);
    task<result<bool>> purge_some(timestamp before);

    const audit_retention_settings settings_;
    audit_store& store_;
    const audit_chain& chain_;
    audit_alarm& alarm_;
    const clock& clock_;
    timestamp addresses_dropped_;  // of all events before this time
};

}  // namespace userinfo
