#include "storage/sql/sql_throttle_store.h"

#include <algorithm>

#include "storage/sql/audit_rows.h"

namespace userinfo::sql {

namespace {

// Small, so that a purge never blocks other writers for long.
constexpr std::size_t purge_rows = 500;

blob mac_of(const throttle_key& key) { return {{reinterpret_cast<const char*>(key.mac.data()), key.mac.size()}}; }

std::optional<throttle_state> to_state(const std::optional<row>& row) {
    if (!row) return std::nullopt;
    return throttle_state{
        .failures = row->count(0), .first_at = row->time(1), .last_at = row->time(2), .blocked_until = row->time(3)};
}

std::optional<throttle_state> lock_state(connection& db, const throttle_key& key) {
    return to_state(
        db.query_one("SELECT failures, first_at, last_at, blocked_until FROM throttle WHERE kind = ? AND key_hash = ? "
                     "/*! FOR UPDATE */",
                     {key.kind, mac_of(key)}));
}

void update_state(connection& db, const throttle_key& key, const throttle_state& state) {
    db.execute(
        "UPDATE throttle SET failures = ?, first_at = ?, last_at = ?, blocked_until = ? WHERE kind = ? AND key_hash = "
        "?",
        {state.failures, state.first_at, state.last_at, state.blocked_until, key.kind, mac_of(key)});
}

// A missing row cannot be locked. If two transactions insert it, one violates the unique constraint and is run again.
void insert_state(connection& db, const throttle_key& key, const throttle_state& state) {
    db.execute(
        "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) VALUES (?, ?, ?, ?, ?, ?)",
        {key.kind, mac_of(key), state.failures, state.first_at, state.last_at, state.blocked_until});
}

bool erase(connection& db, const throttle_key& key) {
    return db.execute("DELETE FROM throttle WHERE kind = ? AND key_hash = ?", {key.kind, mac_of(key)}) != 0;
}

// Both return how many rows they found, at most `purge_rows`. They change rows by id, because MariaDB would scan the
// whole table for the rows of a subquery, and look again under lock.

std::size_t purge_some(connection& db, timestamp before) {
    const auto old = db.query("SELECT id FROM throttle WHERE last_at < ? AND blocked_until < ? LIMIT ?",
                              {before, before, purge_rows});
    for (const auto& row : old) {
        db.execute("DELETE FROM throttle WHERE id = ? AND last_at < ? AND blocked_until < ?",
                   {row.integer(0), before, before});
    }
    return old.size();
}

std::size_t move_some_to(connection& db, timestamp now) {
    const auto ahead = db.query("SELECT id FROM throttle WHERE last_at > ? LIMIT ?", {now, purge_rows});
    for (const auto& row : ahead) {
        const auto id = row.integer(0);
        const auto found = to_state(db.query_one(
            "SELECT failures, first_at, last_at, blocked_until FROM throttle WHERE id = ? /*! FOR UPDATE */", {id}));
        if (!found) continue;
        const auto moved = found->moved_to(now);
        db.execute("UPDATE throttle SET first_at = ?, last_at = ?, blocked_until = ? WHERE id = ?",
                   {moved.first_at, moved.last_at, moved.blocked_until, id});
    }
    return ahead.size();
}

}  // namespace

task<result<throttle_state>> sql_throttle_store::find(throttle_key key) {
    return database_.read([key](connection& db) -> result<throttle_state> {
        return to_state(db.query_one("SELECT failures, first_at, last_at, blocked_until FROM throttle "
                                     "WHERE kind = ? AND key_hash = ?",
                                     {key.kind, mac_of(key)}))
            .value_or(throttle_state());
    });
}

task<result<throttle_state>> sql_throttle_store::add_failure(throttle_key key, const throttle_rule& rule,
                                                             const audit_event& failed) {
    return database_.write([key, &rule, &failed](connection& db) -> result<throttle_state> {
        const auto found = lock_state(db, key);
        const auto state = rule.after_failure(found.value_or(throttle_state()), failed.at);
        (found ? update_state : insert_state)(db, key, state);
        insert_audit(db, failed);
        if (state.is_blocked(failed.at)) {
            auto throttled = failed;
            throttled.type = audit_type::throttle;
            insert_audit(db, throttled);
        }
        return state;
    });
}

task<result<throttle_state>> sql_throttle_store::shorten(throttle_key key, const throttle_rule& rule, timestamp now) {
    return database_.write([key, &rule, now](connection& db) -> result<throttle_state> {
        const auto found = lock_state(db, key).value_or(throttle_state());
        const auto shortened = rule.shortened(now, found);
        if (!shortened) return found;
        update_state(db, key, *shortened);
        return *shortened;
    });
}

task<result<void>> sql_throttle_store::clear(throttle_key key) {
    return database_.write([key](connection& db) -> result<void> {
        erase(db, key);
        return {};
    });
}

task<result<bool>> sql_throttle_store::unlock(throttle_key key, const audit_event& audit) {
    return database_.write([key, &audit](connection& db) -> result<bool> {
        if (!erase(db, key)) return false;
        insert_audit(db, audit);
        return true;
    });
}

task<result<void>> sql_throttle_store::purge(timestamp before, timestamp now) {
    for (;;) {
        const auto most = co_await database_.write([before, now](connection& db) -> result<std::size_t> {
            return std::max(purge_some(db, before), move_some_to(db, now));
        });
        if (!most) co_return std::unexpected(most.error());
        if (*most < purge_rows) co_return result<void>();
    }
}

}  // namespace userinfo::sql
