// Queries on the tables audit_event and audit_chain that several stores share, for use inside their transactions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/audit_event.h"
#include "audit/audit_store.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

void insert_audit(connection& db, const audit_event& event);

// Return the next events after a position, of all accounts or of one. An empty `type` means all types.
std::vector<stored_audit_event> load_events(connection& db, std::string_view type, const audit_position& after,
                                            std::size_t limit);
std::vector<stored_audit_event> load_events_of(connection& db, const uuid& account, std::string_view type,
                                               const audit_position& after, std::size_t limit);

// The same, ordered by id.
std::vector<stored_audit_event> load_events_by_id(connection& db, std::string_view type, std::int64_t after,
                                                  std::size_t limit);
std::vector<stored_audit_event> load_events_of_by_id(connection& db, const uuid& account, std::string_view type,
                                                     std::int64_t after, std::size_t limit);

// Returns events without a place whose id is above `after`, ordered by id.
std::vector<stored_audit_event> load_unlinked(connection& db, std::int64_t after, std::size_t limit);

std::optional<audit_link> load_link(connection& db, std::uint64_t place);
std::optional<audit_link> load_first_link(connection& db);
std::optional<audit_link> load_head(connection& db);

// Prevents others from appending to the chain until the end of the transaction.
std::optional<audit_link> lock_head(connection& db);

std::vector<linked_event> load_chain(connection& db, std::uint64_t after, std::size_t limit);

// Summarizes all events without a place.
unlinked_audit_events find_unlinked(connection& db);

// Returns false if the event is gone, or if its address or user agent differs from `event`.
bool insert_link(connection& db, const audit_link& link, const stored_audit_event& event);

}  // namespace userinfo::sql
