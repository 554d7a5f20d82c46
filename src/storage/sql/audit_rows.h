// The tables audit_event and audit_chain, as several stores use them inside their transactions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/audit_event.h"
#include "audit/audit_store.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

void insert_audit(connection& db, const audit_event& event);

// The next after a position, of all accounts or of one; `type`: of all types, if it is empty.
std::vector<stored_audit_event> load_events(connection& db, std::string_view type, const audit_position& after,
                                            std::size_t limit);
std::vector<stored_audit_event> load_events_of(connection& db, const uuid& account, std::string_view type,
                                               const audit_position& after, std::size_t limit);

// Without a place, with an id above `after`, in the order of their ids.
std::vector<stored_audit_event> load_unlinked(connection& db, std::int64_t after, std::size_t limit);

std::optional<audit_link> load_link(connection& db, std::uint64_t place);
std::optional<audit_link> load_first_link(connection& db);
std::optional<audit_link> load_head(connection& db);

// Until the end of the transaction nobody else puts a link behind it.
std::optional<audit_link> lock_head(connection& db);

std::vector<linked_event> load_chain(connection& db, std::uint64_t after, std::size_t limit);

// All of them.
unlinked_audit_events find_unlinked(connection& db);

// Returns false if the event is gone, or has another address or user agent than `event`.
bool insert_link(connection& db, const audit_link& link, const stored_audit_event& event);

}  // namespace userinfo::sql
