// Where the audit trail and the chain over it are read and kept. Events are written by the stores whose transactions
// they record (audit_event.h); this is all that happens to them afterwards.
//
// Every function may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// An event as it was read: somebody may have tampered with it, so nothing in it is more than bytes.
struct stored_audit_event {
    std::int64_t id;
    timestamp at;
    std::string type;  // to_string(audit_type), or what another version of the program wrote
    bool succeeded;
    std::string reason, actor;
    std::optional<std::string> subject;  // the bytes of a public id
    std::string session, address, user_agent, request_id, details;
};

// One place of the chain. Digests are bytes, for the same reason.
struct audit_link {
    std::uint64_t place;
    std::optional<std::int64_t> event_id;  // nothing: an anchor
    std::optional<std::string> salt;       // nothing: address and user agent were dropped
    std::string personal;
    std::string mac;
    std::optional<std::string> anchor;

    friend bool operator==(const audit_link&, const audit_link&) = default;
};

struct linked_event {
    audit_link link;
    std::optional<stored_audit_event> event;  // nothing: there is none of the link's event id
};

// A stretch of the chain, and where the whole chain began at that moment (0: there is none).
struct audit_chain_page {
    std::uint64_t first_place;
    std::vector<linked_event> links;
};

struct audit_chain_ends {
    std::optional<audit_link> first, known, head;  // known: at the place that was asked for
};

// Events are read in the order of these.
struct audit_position {
    timestamp at;
    std::int64_t id = 0;
};

struct audit_filter {
    std::optional<uuid> account = {};  // as subject
    std::optional<audit_type> type = {};
};

// Events without a place in the chain.
struct unlinked_audit_events {
    std::uint64_t count;
    std::int64_t oldest_id;  // these two mean nothing if there are none
    timestamp oldest_at;
};

class audit_store {
public:
    virtual ~audit_store() = default;

    // The next events after `after`, the oldest first, at most `limit`.
    virtual task<result<std::vector<stored_audit_event>>> list(audit_filter filter, audit_position after,
                                                               std::size_t limit) = 0;

    // The first and the last link, and the one at `known`.
    virtual task<result<audit_chain_ends>> chain_ends(std::uint64_t known) = 0;

    // The next places after `after`, with their events, at most `limit`.
    virtual task<result<audit_chain_page>> chain(std::uint64_t after, std::size_t limit) = 0;

    // Events that await their place, in the order of their ids, at most `limit`. Where transactions commit out of the
    // order of their ids, events that came late are among them, but for those that came later than 10,000 ids.
    virtual task<result<std::vector<stored_audit_event>>> next_unlinked(std::size_t limit) = 0;

    // All that have no place.
    virtual task<result<unlinked_audit_events>> count_unlinked() = 0;

    // Puts `links` (of `events`, in their order) behind `head` (nothing: the chain is empty). Returns false, and does
    // nothing, if the chain has another head by now, or one of the events is not as it was.
    virtual task<result<bool>> append(const std::optional<audit_link>& head, const std::vector<audit_link>& links,
                                      const std::vector<stored_audit_event>& events) = 0;

    // Removes the events at all places up to `last`, which becomes the anchor of the rest. Returns false, and does
    // nothing, if `last` is not in the chain any more. One transaction: keep the stretch short.
    virtual task<result<bool>> purge(const audit_link& last, const std::string& anchor) = 0;

    // Removes events from before `before` that never got a place, in short transactions.
    virtual task<result<void>> purge_unlinked(timestamp before) = 0;

    // Clears address and user agent of the events from `from` (on) to `before`, and the salts of their links, in short
    // transactions.
    virtual task<result<void>> drop_addresses(timestamp from, timestamp before) = 0;

    // Differs from the last one if an event was written or linked meanwhile, by whatever process. Cheap.
    virtual task<result<std::uint64_t>> change_counter() = 0;
};

}  // namespace userinfo
