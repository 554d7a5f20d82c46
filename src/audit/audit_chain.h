// The MAC chain over the audit events. Nobody without the internal key can change, remove, insert or reorder linked
// events undetected. Does no storage; docs/design.md describes the encoding.
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
    // `key` must outlive it and must be set before the first use.
    explicit audit_chain(const internal_key& key) : key_(key) {}

    // Returns links for `events`, in their order, that follow `head`, or start the chain if `head` is empty. Each link
    // has a new salt.
    std::vector<audit_link> extend(const std::optional<audit_link>& head,
                                   const std::vector<stored_audit_event>& events) const;

    // Returns the proof that the program itself purged all places up to and including this one.
    std::string anchor_for(const audit_link& last) const;
    bool is_anchor(const audit_link& link) const;

    // The MAC of a link whose predecessor has the MAC `previous`, which is empty for the first link.
    std::string mac_of(const std::string& previous, const audit_link& link, const stored_audit_event& event) const;

private:
    const internal_key& key_;
};

// Verifies a chain link by link from its start.
class audit_chain_walk {
public:
    explicit audit_chain_walk(const audit_chain& chain) : chain_(chain) {}

    // Checks the next link of the table. `first_place` is the first place in the table. Returns what is wrong, or
    // nothing.
    std::optional<std::string> step(const linked_event& next, std::uint64_t first_place);

    // The last valid place. 0: none yet.
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
