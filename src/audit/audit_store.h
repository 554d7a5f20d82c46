// Storage of the audit trail and its chain: reading, linking and purging. The other stores write the events, in the
// transactions that the events record (audit_event.h).
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// An event as read from the database. Somebody may have tampered with it, so all fields are unchecked bytes.
struct stored_audit_event {
    std::int64_t id;
    timestamp at;
    std::string type;  // to_string(audit_type), or the type of another program version
    bool succeeded;
    std::string reason, actor;
    std::optional<std::string> subject;  // the bytes of a public id
    std::string session, address, user_agent, request_id, details;
};

// One place of the chain. Digests are unchecked bytes, too.
struct audit_link {
    std::uint64_t place;
    std::optional<std::int64_t> event_id;  // empty: an anchor
    std::optional<std::string> salt;       // empty: address and user agent were deleted
    std::string personal;
    std::string mac;
    std::optional<std::string> anchor;

    friend bool operator==(const audit_link&, const audit_link&) = default;
};

struct linked_event {
    audit_link link;
    std::optional<stored_audit_event> event;  // empty: the link's event does not exist
};

// A part of the chain, and where the whole chain started at that moment. 0: the chain is empty.
struct audit_chain_page {
    std::uint64_t first_place;
    std::vector<linked_event> links;
};

struct audit_chain_ends {
    std::optional<audit_link> first, known, head;  // known: the link at the requested place
};

// The sort key of events.
struct audit_position {
    timestamp at;
    std::int64_t id = 0;
};

struct audit_filter {
    std::optional<uuid> account = {};  // the event's subject
    std::optional<audit_type> type = {};
};

// Events that are not in the chain yet.
struct unlinked_audit_events {
    std::uint64_t count;
    std::int64_t oldest_id;  // the oldest_ fields are meaningless if count is 0
    timestamp oldest_at;
};

class audit_store {
public:
    virtual ~audit_store() = default;

    // Returns the next events after `after`, oldest first, at most `limit`.
    virtual task<result<std::vector<stored_audit_event>>> list(audit_filter filter, audit_position after,
                                                               std::size_t limit) = 0;

    // Returns the next events with ids above `after`, ordered by id, at most `limit`. An event with a lower id than one
    // of these may become visible later (settled_ids.h).
    virtual task<result<std::vector<stored_audit_event>>> list_by_id(audit_filter filter, std::int64_t after,
                                                                     std::size_t limit) = 0;

    // Returns the highest id of an event. 0: there is none.
    virtual task<result<std::int64_t>> newest_id() = 0;

    // Whether the last place is another one than `head`, or there are events with ids above `after`. Costs less than to
    // look for them.
    virtual task<result<bool>> has_news(std::uint64_t head, std::int64_t after) = 0;

    // Returns the first and the last link, and the link at `known`.
    virtual task<result<audit_chain_ends>> chain_ends(std::uint64_t known) = 0;

    // Returns the next links after the place `after` with their events, at most `limit`.
    virtual task<result<audit_chain_page>> chain(std::uint64_t after, std::size_t limit) = 0;

    // Returns events with ids above `after` that have no place yet, ordered by id, at most `limit`. Never looks further
    // than 10,000 ids below the highest linked one, whatever `after` is.
    virtual task<result<std::vector<stored_audit_event>>> next_unlinked(std::int64_t after, std::size_t limit) = 0;

    // Counts all events without a place.
    virtual task<result<unlinked_audit_events>> count_unlinked() = 0;

    // Appends `links`, which belong to `events` in the same order, after `head` (empty: the chain is empty). Returns
    // false and changes nothing if the chain has another head by now or one of the events has changed.
    virtual task<result<bool>> append(const std::optional<audit_link>& head, const std::vector<audit_link>& links,
                                      const std::vector<stored_audit_event>& events) = 0;

    // Deletes the events at all places up to and including `last`, which becomes the anchor of the rest. Returns false
    // and changes nothing if `last` is no longer in the chain. It is one transaction, so purge few events at a time.
    virtual task<result<bool>> purge(const audit_link& last, const std::string& anchor) = 0;

    // Deletes events from before `before` that never got a place, in short transactions.
    virtual task<result<void>> purge_unlinked(timestamp before) = 0;

    // Clears address and user agent of the events in [`from`, `before`) and the salts of their links, in short
    // transactions.
    virtual task<result<void>> drop_addresses(timestamp from, timestamp before) = 0;
};

}  // namespace userinfo
