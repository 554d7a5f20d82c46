#include "storage/sql/sql_audit_store.h"

#include <algorithm>
#include <chrono>

#include "storage/sql/audit_rows.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

// How far below the highest id in the chain to look for events that became visible late.
constexpr std::int64_t late_ids = 10'000;
// Small, so that a change never blocks other writers for long.
constexpr std::size_t changed_rows = 200;
constexpr std::size_t read_rows = 1000;

std::int64_t highest_linked_id(connection& db) {
    return db.query_one("SELECT COALESCE(MAX(event_id), 0) FROM audit_chain")->integer(0);
}

void drop_address(connection& db, std::int64_t id) {
    db.execute("UPDATE audit_event SET address = '', user_agent = '' WHERE id = ?", {id});
    db.execute("UPDATE audit_chain SET salt = NULL WHERE event_id = ?", {id});
}

// An event that has got its place meanwhile is left to the purge of the chain. Locks the event first, because appending
// to the chain locks it, too.
void delete_unlinked(connection& db, std::int64_t id) {
    db.query("SELECT id FROM audit_event WHERE id = ? /*! FOR UPDATE */", {id});
    db.execute("DELETE FROM audit_event WHERE id = ? AND NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_id = ?)",
               {id, id});
}

// In transactions of `changed_rows` each.
task<result<void>> change_each(database& database, const std::vector<std::int64_t>& ids,
                               void (*change)(connection&, std::int64_t)) {
    for (std::size_t begin = 0; begin < ids.size(); begin += changed_rows) {
        auto changed = co_await database.write([&ids, begin, change](connection& db) -> result<void> {
            const auto end = std::min(ids.size(), begin + changed_rows);
            for (auto i = begin; i < end; ++i) change(db, ids[i]);
            return {};
        });
        if (!changed) co_return changed;
    }
    co_return result<void>();
}

bool has_address(const stored_audit_event& event) { return !event.address.empty() || !event.user_agent.empty(); }

}  // namespace

task<result<std::vector<stored_audit_event>>> sql_audit_store::list(audit_filter filter, audit_position after,
                                                                    std::size_t limit) {
    return database_.read([filter, after, limit](connection& db) -> result<std::vector<stored_audit_event>> {
        const auto type = filter.type ? to_string(*filter.type) : std::string_view();
        if (filter.account) return load_events_of(db, *filter.account, type, after, limit);
        return load_events(db, type, after, limit);
    });
}

task<result<std::vector<stored_audit_event>>> sql_audit_store::list_by_id(audit_filter filter, std::int64_t after,
                                                                          std::size_t limit) {
    return database_.look([filter, after, limit](connection& db) -> result<std::vector<stored_audit_event>> {
        const auto type = filter.type ? to_string(*filter.type) : std::string_view();
        if (filter.account) return load_events_of_by_id(db, *filter.account, type, after, limit);
        return load_events_by_id(db, type, after, limit);
    });
}

task<result<std::int64_t>> sql_audit_store::newest_id() {
    return database_.look([](connection& db) -> result<std::int64_t> {
        return db.query_one("SELECT COALESCE(MAX(id), 0) FROM audit_event")->integer(0);
    });
}

task<result<bool>> sql_audit_store::has_news(std::uint64_t head, std::int64_t after) {
    using steady = std::chrono::steady_clock;
    const no_news question{.head = head, .after = after};
    const auto kept = no_news_.find(database_.unchanged(), steady::now());
    if (kept && kept->answer == question) co_return false;
    const auto began = steady::now();
    const auto found = co_await database_.look([head, after](connection& db) -> result<bool> {
        const auto found = db.query_one(
            "SELECT (SELECT COALESCE(MAX(place), 0) FROM audit_chain), EXISTS (SELECT 1 FROM audit_event WHERE id > ?)",
            {after});
        return found->count(0) != head || found->integer(1) != 0;
    });
    if (found && !*found) no_news_.keep(question, began);
    co_return found;
}

task<result<audit_chain_ends>> sql_audit_store::chain_ends(std::uint64_t known) {
    return database_.read([known](connection& db) -> result<audit_chain_ends> {
        return audit_chain_ends{.first = load_first_link(db), .known = load_link(db, known), .head = load_head(db)};
    });
}

task<result<audit_chain_page>> sql_audit_store::chain(std::uint64_t after, std::size_t limit) {
    return database_.read([after, limit](connection& db) -> result<audit_chain_page> {
        const auto first = load_first_link(db);
        return audit_chain_page{.first_place = first ? first->place : 0, .links = load_chain(db, after, limit)};
    });
}

task<result<std::vector<stored_audit_event>>> sql_audit_store::next_unlinked(std::int64_t after, std::size_t limit) {
    return database_.read([after, limit](connection& db) -> result<std::vector<stored_audit_event>> {
        return load_unlinked(db, std::max(after, highest_linked_id(db) - late_ids), limit);
    });
}

task<result<unlinked_audit_events>> sql_audit_store::count_unlinked() {
    return database_.read([](connection& db) -> result<unlinked_audit_events> { return find_unlinked(db); });
}

task<result<bool>> sql_audit_store::append(const std::optional<audit_link>& head, const std::vector<audit_link>& links,
                                           const std::vector<stored_audit_event>& events) {
    const auto outcome = co_await database_.write([&head, &links, &events](connection& db) -> result<void> {
        const auto moved = [] { return failure(errc::version_mismatch, "The chain has moved."); };
        if (lock_head(db) != head) return moved();
        try {
            for (std::size_t i = 0; i < links.size(); ++i) {
                if (!insert_link(db, links[i], events[i])) return moved();
            }
        } catch (const constraint_violation&) {
            return moved();
        }
        return {};
    });
    if (outcome) co_return true;
    if (outcome.error().code == errc::version_mismatch) co_return false;
    co_return std::unexpected(outcome.error());
}

task<result<bool>> sql_audit_store::purge(const audit_link& last, const std::string& anchor) {
    return database_.write([&last, &anchor](connection& db) -> result<bool> {
        const auto stored = load_link(db, last.place);
        if (!stored || stored->mac != last.mac || !stored->event_id) return false;
        // Deletes by id, because MariaDB would scan all events for the rows of a subquery.
        for (const auto& row :
             db.query("SELECT event_id FROM audit_chain WHERE place <= ? AND event_id IS NOT NULL", {last.place})) {
            db.execute("DELETE FROM audit_event WHERE id = ?", {row.integer(0)});
        }
        db.execute("DELETE FROM audit_chain WHERE place < ?", {last.place});
        db.execute("UPDATE audit_chain SET event_id = NULL, salt = NULL, personal = ?, anchor = ? WHERE place = ?",
                   {blob{""}, blob{anchor}, last.place});
        return true;
    });
}

task<result<void>> sql_audit_store::purge_unlinked(timestamp before) {
    for (;;) {
        const auto ids = co_await database_.read([before](connection& db) -> result<std::vector<std::int64_t>> {
            std::vector<std::int64_t> found;
            for (const auto& row :
                 db.query("SELECT e.id FROM audit_event e WHERE e.occurred_at < ? "
                          "AND NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_id = e.id) LIMIT ?",
                          {before, read_rows})) {
                found.push_back(row.integer(0));
            }
            return found;
        });
        if (!ids) co_return std::unexpected(ids.error());
        if (ids->empty()) co_return result<void>();
        auto deleted = co_await change_each(database_, *ids, delete_unlinked);
        if (!deleted) co_return deleted;
    }
}

task<result<void>> sql_audit_store::drop_addresses(timestamp from, timestamp before) {
    audit_position after{.at = from};
    for (;;) {
        const auto events = co_await list({}, after, read_rows);
        if (!events) co_return std::unexpected(events.error());
        std::vector<std::int64_t> ids;
        for (const auto& event : *events) {
            if (event.at < before && has_address(event)) ids.push_back(event.id);
        }
        auto dropped = co_await change_each(database_, ids, drop_address);
        if (!dropped || events->size() < read_rows || events->back().at >= before) co_return dropped;
        after = {.at = events->back().at, .id = events->back().id};
    }
}

}  // namespace userinfo::sql
