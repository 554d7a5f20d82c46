#include "storage/sql/audit_rows.h"

#include "base/join_literals.h"

namespace userinfo::sql {

namespace {

constexpr char link_columns[] = "c.place, c.event_id, c.salt, c.personal, c.mac, c.anchor";
constexpr char event_columns[] =
    "e.id, e.occurred_at, e.type, e.succeeded, e.reason, e.actor, e.subject, e.session, e.address, e.user_agent, "
    "e.request_id, e.details";
constexpr std::size_t link_width = 6;

constexpr auto select_events =
    join("SELECT ", event_columns,
         " FROM audit_event e WHERE (e.occurred_at, e.id) > (?, ?) AND (? = '' OR e.type = ?) "
         "ORDER BY e.occurred_at, e.id LIMIT ?");
constexpr auto select_events_of =
    join("SELECT ", event_columns,
         " FROM audit_event e WHERE e.subject = ? AND (e.occurred_at, e.id) > (?, ?) AND (? = '' OR e.type = ?) "
         "ORDER BY e.occurred_at, e.id LIMIT ?");
constexpr auto select_events_by_id = join(
    "SELECT ", event_columns, " FROM audit_event e WHERE e.id > ? AND (? = '' OR e.type = ?) ORDER BY e.id LIMIT ?");
constexpr auto select_events_of_by_id =
    join("SELECT ", event_columns,
         " FROM audit_event e WHERE e.subject = ? AND e.id > ? AND (? = '' OR e.type = ?) ORDER BY e.id LIMIT ?");
constexpr auto select_unlinked =
    join("SELECT ", event_columns,
         " FROM audit_event e WHERE e.id > ? AND NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_id = e.id) "
         "ORDER BY e.id LIMIT ?");
constexpr auto select_link = join("SELECT ", link_columns, " FROM audit_chain c WHERE c.place = ?");
constexpr auto select_first =
    join("SELECT ", link_columns, " FROM audit_chain c WHERE c.place > 0 ORDER BY c.place LIMIT 1");
constexpr auto select_head = join("SELECT ", link_columns, " FROM audit_chain c ORDER BY c.place DESC LIMIT 1");
constexpr auto select_head_locked =
    join("SELECT ", link_columns, " FROM audit_chain c ORDER BY c.place DESC LIMIT 1 /*! FOR UPDATE */");
constexpr auto select_chain =
    join("SELECT ", link_columns, ", ", event_columns,
         " FROM audit_chain c LEFT JOIN audit_event e ON e.id = c.event_id WHERE c.place > ? ORDER BY c.place LIMIT ?");

std::optional<std::string> optional_text(const row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return row.text(column);
}

// Reads the columns from `first` on.
stored_audit_event to_event(const row& row, std::size_t first = 0) {
    return {.id = row.integer(first),
            .at = row.time(first + 1),
            .type = row.text(first + 2),
            .succeeded = row.integer(first + 3) != 0,
            .reason = row.text(first + 4),
            .actor = row.text(first + 5),
            .subject = optional_text(row, first + 6),
            .session = row.text(first + 7),
            .address = row.text(first + 8),
            .user_agent = row.text(first + 9),
            .request_id = row.text(first + 10),
            .details = row.text(first + 11)};
}

audit_link to_link(const row& row) {
    return {.place = row.count(0),
            .event_id = row.is_null(1) ? std::nullopt : std::optional(row.integer(1)),
            .salt = optional_text(row, 2),
            .personal = row.text(3),
            .mac = row.text(4),
            .anchor = optional_text(row, 5)};
}

linked_event to_linked_event(const row& row) {
    const bool has_event = !row.is_null(link_width);
    return {.link = to_link(row), .event = has_event ? std::optional(to_event(row, link_width)) : std::nullopt};
}

std::vector<stored_audit_event> to_events(const std::vector<row>& rows) {
    std::vector<stored_audit_event> events;
    events.reserve(rows.size());
    for (const auto& each : rows) events.push_back(to_event(each));
    return events;
}

std::optional<audit_link> first(const std::optional<row>& row) {
    if (!row) return std::nullopt;
    return to_link(*row);
}

std::optional<blob> optional_blob(const std::optional<std::string>& bytes) {
    if (!bytes) return std::nullopt;
    return blob{*bytes};
}

}  // namespace

void insert_audit(connection& db, const audit_event& event) {
    db.execute(
        "INSERT INTO audit_event (occurred_at, type, succeeded, reason, actor, subject, session, address, user_agent, "
        "request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {event.at, to_string(event.type), event.succeeded, event.reason, event.actor, event.subject, event.session,
         event.address, event.user_agent, event.request_id});
}

std::vector<stored_audit_event> load_events(connection& db, std::string_view type, const audit_position& after,
                                            std::size_t limit) {
    return to_events(db.query(select_events.data(), {after.at, after.id, type, type, limit}));
}

std::vector<stored_audit_event> load_events_of(connection& db, const uuid& account, std::string_view type,
                                               const audit_position& after, std::size_t limit) {
    return to_events(db.query(select_events_of.data(), {account, after.at, after.id, type, type, limit}));
}

std::vector<stored_audit_event> load_events_by_id(connection& db, std::string_view type, std::int64_t after,
                                                  std::size_t limit) {
    return to_events(db.query(select_events_by_id.data(), {after, type, type, limit}));
}

std::vector<stored_audit_event> load_events_of_by_id(connection& db, const uuid& account, std::string_view type,
                                                     std::int64_t after, std::size_t limit) {
    return to_events(db.query(select_events_of_by_id.data(), {account, after, type, type, limit}));
}

std::vector<stored_audit_event> load_unlinked(connection& db, std::int64_t after, std::size_t limit) {
    return to_events(db.query(select_unlinked.data(), {after, limit}));
}

std::optional<audit_link> load_link(connection& db, std::uint64_t place) {
    return first(db.query_one(select_link.data(), {place}));
}

std::optional<audit_link> load_first_link(connection& db) { return first(db.query_one(select_first.data())); }
std::optional<audit_link> load_head(connection& db) { return first(db.query_one(select_head.data())); }
std::optional<audit_link> lock_head(connection& db) { return first(db.query_one(select_head_locked.data())); }

std::vector<linked_event> load_chain(connection& db, std::uint64_t after, std::size_t limit) {
    std::vector<linked_event> links;
    for (const auto& each : db.query(select_chain.data(), {after, limit})) links.push_back(to_linked_event(each));
    return links;
}

// Only places that `load_chain` returns count: a link below the first one must not hide an event.
unlinked_audit_events find_unlinked(connection& db) {
    const auto found = db.query_one(
        "SELECT e.id, e.occurred_at, COUNT(*) OVER () FROM audit_event e WHERE NOT EXISTS "
        "(SELECT 1 FROM audit_chain c WHERE c.event_id = e.id AND c.place > 0) ORDER BY e.occurred_at, e.id LIMIT 1");
    if (!found) return {};
    return {.count = found->count(2), .oldest_id = found->integer(0), .oldest_at = found->time(1)};
}

// Locks the event, so that nobody concurrently clears its address or deletes it.
bool insert_link(connection& db, const audit_link& link, const stored_audit_event& event) {
    return db.execute(
               "INSERT INTO audit_chain (place, event_id, salt, personal, mac) "
               "SELECT ?, id, ?, ?, ? FROM audit_event WHERE id = ? AND address = ? AND user_agent = ? "
               "/*! FOR UPDATE */",
               {link.place, optional_blob(link.salt), blob{link.personal}, blob{link.mac}, event.id, event.address,
                event.user_agent}) == 1;
}

}  // namespace userinfo::sql
