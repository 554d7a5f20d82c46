// Verifies the whole audit trail against its chain, page by page. Programs may keep writing meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/audit_chain.h"
#include "audit/audit_store.h"
#include "base/clock.h"

namespace userinfo {

// A place of the chain and its MAC, recorded outside the database.
struct audit_head {
    std::uint64_t place;
    std::string mac;
};

struct audit_report {
    std::uint64_t events = 0;          // valid events
    timestamp first, last;             // times of the first and the last valid event, if any
    std::optional<audit_head> head;    // the last place; empty: the chain is empty
    std::uint64_t unlinked = 0;        // events without a place
    std::optional<std::string> wrong;  // what is wrong with the first invalid place; verification stops there
};

// `noted` is an earlier head that must be in the chain. `now` decides which events should have a place already.
task<result<audit_report>> verify_audit_trail(audit_store& store, const audit_chain& chain, timestamp now,
                                              const std::optional<audit_head>& noted);

}  // namespace userinfo
