// The MACs that tie audit events together: who does not have the internal key cannot change, remove, insert or reorder
// linked events, unseen. No storage here; docs/design.md has the encoding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_store.h"
#include "tokens/internal_key.h"

namespace userinfo {

// Thread-safe.
class audit_chain {
public:
    // `key` must outlive it, and be set before the first use.
    explicit audit_chain(const internal_key& key) : key_(key) {}

    // The links for `events`, in their order, behind `head` (nothing: they begin the chain). Each has a new salt.
    std::vector<audit_link> extend(const std::optional<audit_link>& head,
                                   const std::vector<stored_audit_event>& events) const;

    // What says that everything up to and with this place was purged by the program.
    std::string anchor_for(const audit_link& last) const;
    bool is_anchor(const audit_link& link) const;

    // The mac of a link that follows one with the mac `previous` (empty: the first).
    std::string mac_of(const std::string& previous, const audit_link& link, const stored_audit_event& event) const;

private:
    const internal_key& key_;
};

// Checks a chain place by place, from its beginning.
class audit_chain_walk {
public:
    explicit audit_chain_walk(const audit_chain& chain) : chain_(chain) {}

    // The next place in the table; `first_place` is where the table begins. Returns what is wrong, or nothing.
    std::optional<std::string> step(const linked_event& next, std::uint64_t first_place);

    // The last place that was right; 0: none yet.
    std::uint64_t place() const { return place_; }
    const std::string& mac() const { return mac_; }

private:
    std::optional<std::string> step_to_anchor(const audit_link& link, std::uint64_t first_place) const;
    std::optional<std::string> step_to_event(const linked_event& next) const;

    const audit_chain& chain_;
    std::uint64_t place_ = 0;
    std::string mac_;
};

}  // namespace userinfo
