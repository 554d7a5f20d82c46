// Gives audit events their places in the chain, shortly after they were written and beside the requests: writers do not
// queue for the head of the chain. Several programs may do so on one database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "audit/audit_alarm.h"
#include "audit/audit_chain.h"
#include "audit/audit_store.h"

namespace userinfo {

class audit_linker {
public:
    // All must outlive it.
    audit_linker(audit_store& store, const audit_chain& chain, audit_alarm& alarm)
        : store_(store), chain_(chain), alarm_(alarm) {}

    // Links what is new, each second, for ever. An error is logged and tried again.
    task<void> run();

    // Links all that is there. If the chain has lost the head that this linker wrote last, it raises the alarm and
    // links nothing more: what comes after a cut must not look like its continuation.
    task<result<void>> link_pending();

private:
    task<result<void>> link_if_changed();
    task<result<bool>> link_some();
    bool is_continued(const std::optional<audit_link>& known, const audit_chain_ends& ends) const;
    void tell_head();

    audit_store& store_;
    const audit_chain& chain_;
    audit_alarm& alarm_;
    std::optional<audit_link> head_;  // as this linker last wrote or saw it
    bool lost_ = false;               // the chain does not have it any more
    std::optional<std::uint64_t> change_counter_;
    std::chrono::steady_clock::time_point tell_head_at_;
};

}  // namespace userinfo
