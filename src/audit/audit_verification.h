// Checks the whole audit trail against its chain, page by page, also while programs write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/audit_chain.h"
#include "audit/audit_store.h"
#include "base/clock.h"

namespace userinfo {

// A place of the chain and its mac, which somebody noted down.
struct audit_head {
    std::uint64_t place;
    std::string mac;
};

struct audit_report {
    std::uint64_t events = 0;          // that are right
    timestamp first, last;             // of these, when the first and the last happened; if there are any
    std::optional<audit_head> head;    // the last place; nothing: the chain is empty
    std::uint64_t unlinked = 0;        // not linked yet
    std::optional<std::string> wrong;  // what is wrong with the first place that is; the rest was not looked at
};

// `noted` is a head from earlier that must be in the chain. `now` tells which events should have a place by now.
task<result<audit_report>> verify_audit_trail(audit_store& store, const audit_chain& chain, timestamp now,
                                              const std::optional<audit_head>& noted);

}  // namespace userinfo
