// Appends new audit events to the chain in the background, so that requests do not queue for the head of the chain.
// Several programs may do this on one database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "audit/audit_alarm.h"
#include "audit/audit_chain.h"
#include "audit/audit_store.h"
#include "audit/settled_ids.h"

namespace userinfo {

class audit_linker {
public:
    // `store`, `chain` and `alarm` must outlive it.
    audit_linker(audit_store& store, const audit_chain& chain, audit_alarm& alarm)
        : store_(store), chain_(chain), alarm_(alarm) {}

    // Runs forever and links new events once a second. Errors are logged and retried.
    task<void> run();

    // Links all new events. If the head that this linker wrote last is missing from the chain, it raises the alarm and
    // links nothing more, because new links would hide the cut.
    task<result<void>> link_pending();

private:
    task<result<void>> link_news();
    task<result<bool>> link_some();
    void note_all_linked(std::chrono::steady_clock::time_point began);
    bool is_continued(const std::optional<audit_link>& known, const audit_chain_ends& ends) const;
    void tell_head();

    audit_store& store_;
    const audit_chain& chain_;
    audit_alarm& alarm_;
    std::optional<audit_link> head_;  // as this linker last wrote or read it
    bool lost_ = false;               // the head is missing from the chain
    settled_ids visible_;
    std::int64_t linked_up_to_ = 0;  // no event with this id or a lower one is without a place, or ever will be
    std::chrono::steady_clock::time_point look_far_at_;
    std::chrono::steady_clock::time_point tell_head_at_;
};

}  // namespace userinfo
