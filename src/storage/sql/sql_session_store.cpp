#include "storage/sql/sql_session_store.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "account/account_rules.h"
#include "device/device_rules.h"
#include "session/session_rules.h"
#include "storage/sql/account_rows.h"
#include "storage/sql/audit_rows.h"
#include "storage/sql/device_rows.h"
#include "storage/sql/session_rows.h"

namespace userinfo::sql {

namespace {

// Small, so that a purge never blocks other writers for long.
constexpr std::size_t purge_rows = 500;

std::vector<session> only_live(std::vector<stored_session> open, timestamp now) {
    std::vector<session> live;
    for (auto& each : open) {
        if (each.is_live(now)) live.push_back(std::move(each.value));
    }
    return live;
}

// Records one event for each ended session, in addition to `cause`.
void record_ends(connection& db, const session_ids& ended, const std::string& reason, const audit_event& cause) {
    auto event = cause;
    event.type = audit_type::session_end;
    event.reason = reason;
    for (const auto& id : ended) {
        event.session = log_label(id.view());
        insert_audit(db, event);
    }
}

void write_rotation(connection& db, const rotation& decided, const rotation_request& request,
                    const audit_event& refresh, timestamp ended_at) {
    switch (decided.outcome) {
        case rotation_outcome::rotated: update_rotated(db, *decided.current, request.now); break;
        case rotation_outcome::repeated_late: add_late_repeat(db, request.session); break;
        case rotation_outcome::repeated_too_often:
        case rotation_outcome::reused: end_session(db, request.session, end_reason::refresh_reuse, ended_at); break;
        case rotation_outcome::repeated:
        case rotation_outcome::superseded:
        case rotation_outcome::ended: break;
    }
    if (const auto event = rotation_event(decided, refresh)) insert_audit(db, *event);
}

// Deletes at most `purge_rows`. Returns whether there may be more. Deletes by id, because MariaDB would scan the whole
// table for the rows of a subquery.
bool purge_some(connection& db, statement find_old, statement delete_one, timestamp before) {
    const auto old = db.query(find_old, {before, purge_rows});
    for (const auto& row : old) db.execute(delete_one, {row.integer(0)});
    return old.size() == purge_rows;
}

bool purge_some(connection& db, timestamp revoked_before, timestamp ended_before) {
    constexpr statement delete_session = "DELETE FROM session WHERE id = ?";
    const bool revocations = purge_some(db, "SELECT id FROM revoked_session WHERE revoked_at < ? LIMIT ?",
                                        "DELETE FROM revoked_session WHERE id = ?", revoked_before);
    const bool ended =
        purge_some(db, "SELECT id FROM session WHERE ended_at < ? LIMIT ?", delete_session, ended_before);
    const bool expired =
        purge_some(db, "SELECT id FROM session WHERE idle_expires_at < ? LIMIT ?", delete_session, ended_before);
    return revocations || ended || expired;
}

}  // namespace

task<result<session_opening>> sql_session_store::open(const session& opened, std::uint64_t verified_version,
                                                      std::size_t per_account, const device_use& device,
                                                      const audit_event& audit) {
    return database_.write([this, &opened, verified_version, per_account, &device,
                            &audit](connection& db) -> result<session_opening> {
        const auto account = lock_account(db, opened.account);
        const auto allowed = check_log_in(standing_of(account), lock_password_version(db, account), verified_version);
        if (!allowed) return std::unexpected(allowed.error());
        const auto now = clock_.now();
        auto ended = surplus_sessions(only_live(load_open_sessions(db, opened.account), now), per_account);
        end_sessions(db, ended, end_reason::too_many, now);
        insert_session(db, opened, account->id, account->standing.session_epoch);
        insert_audit(db, audit);
        record_ends(db, ended, "too_many", audit);
        const auto change = decide_device(load_devices(db, account->id), device);
        write_device_change(db, account->id, change);
        return session_opening{
            .ended = std::move(ended),
            .device = {.account = opened.account, .device = change.used.id, .generation = change.used.generation}};
    });
}

task<result<std::optional<session>>> sql_session_store::find_live(uuid id, timestamp now) {
    return database_.look([id, now](connection& db) -> result<std::optional<session>> {
        auto found = load_session(db, id);
        if (!found || !found->is_live(now)) return std::nullopt;
        return std::move(found->value);
    });
}

task<result<std::optional<stored_session>>> sql_session_store::find(uuid id) {
    return database_.look(
        [id](connection& db) -> result<std::optional<stored_session>> { return load_session(db, id); });
}

task<result<rotation>> sql_session_store::rotate(const rotation_request& request, const audit_event& audit) {
    return database_.write([this, &request, &audit](connection& db) -> result<rotation> {
        auto decided = decide_rotation(lock_session(db, request.session), request);
        write_rotation(db, decided, request, audit, clock_.now());
        return decided;
    });
}

task<result<bool>> sql_session_store::note_arrival(uuid id, std::uint64_t generation) {
    return database_.write([this, id, generation](connection& db) -> result<bool> {
        const auto now = clock_.now();
        if (!is_first_arrival(lock_session(db, id), generation, now)) return false;
        update_arrived(db, id, generation, now);
        return true;
    });
}

task<result<bool>> sql_session_store::end(uuid account, uuid id, end_reason reason, const audit_event& audit) {
    return database_.write([this, account, id, reason, &audit](connection& db) -> result<bool> {
        const auto found = lock_session(db, id);
        if (!may_log_out(found, account)) return false;
        const auto now = clock_.now();
        end_session(db, id, reason, now);
        insert_audit(db, audit);
        return found->is_live(now);
    });
}

task<result<void>> sql_session_store::end_one(const principal& by, uuid id, const audit_event& audit) {
    return database_.write([this, &by, id, &audit](connection& db) -> result<void> {
        const auto now = clock_.now();
        auto allowed = check_own_session(lock_session(db, by.session), by, now);
        if (allowed) allowed = check_other_session(lock_session(db, id), by, now);
        if (!allowed) return allowed;
        end_session(db, id, end_reason::ended_by_owner, now);
        insert_audit(db, audit);
        return {};
    });
}

task<result<session_ids>> sql_session_store::end_others(const principal& by, timestamp since,
                                                        const audit_event& audit) {
    return database_.write([this, &by, since, &audit](connection& db) -> result<session_ids> {
        const auto now = clock_.now();
        const auto allowed = check_own_session(lock_session(db, by.session), by, now);
        if (!allowed) return std::unexpected(allowed.error());
        session_ids ended;
        for (const auto& each : load_open_sessions(db, by.account)) {
            if (each.value.id != by.session) ended.push_back(each.value.id);
        }
        const auto before = load_ended_by_owner(db, by.account, since);
        end_sessions(db, ended, end_reason::ended_by_owner, now);
        record_ends(db, ended, audit.reason, audit);
        ended.insert(ended.end(), before.begin(), before.end());
        return ended;
    });
}

task<result<session>> sql_session_store::reauthenticate(const principal& by, const audit_event& audit) {
    return database_.write([this, &by, &audit](connection& db) -> result<session> {
        auto own = lock_session(db, by.session);
        const auto allowed = check_own_session(own, by, clock_.now());
        if (!allowed) return std::unexpected(allowed.error());
        own->value.auth_time = audit.at;
        db.execute("UPDATE session SET auth_time = ? WHERE sid = ?", {audit.at, by.session});
        insert_audit(db, audit);
        return std::move(own->value);
    });
}

task<result<std::vector<session>>> sql_session_store::list_live(uuid account, timestamp now) {
    return database_.read([account, now](connection& db) -> result<std::vector<session>> {
        return only_live(load_open_sessions_by_use(db, account), now);
    });
}

task<result<revocation_view>> sql_session_store::revoked_since(timestamp since) {
    using steady = std::chrono::steady_clock;
    if (auto kept = tail_.find(database_.unchanged(), steady::now()); kept && kept->answer.since <= since) {
        auto& revoked = kept->answer.revoked;
        revoked.erase(revoked.begin(), std::ranges::lower_bound(revoked, since, {}, &revocation::revoked_at));
        co_return revocation_view{.as_of = kept->as_of, .revoked = std::move(revoked)};
    }
    const auto began = steady::now();
    auto found = co_await database_.look([since](connection& db) -> result<std::vector<revocation>> {
        std::vector<revocation> revoked;
        for (const auto& row : db.query(
                 "SELECT sid, revoked_at FROM revoked_session WHERE revoked_at >= ? ORDER BY revoked_at", {since})) {
            revoked.push_back({.session = row.id(0), .revoked_at = row.time(1)});
        }
        return revoked;
    });
    if (!found) co_return std::unexpected(std::move(found.error()));
    tail_.keep({.since = since, .revoked = *found}, began);
    co_return revocation_view{.as_of = began, .revoked = std::move(*found)};
}

task<result<void>> sql_session_store::purge(timestamp revoked_before, timestamp ended_before) {
    for (;;) {
        const auto more = co_await database_.write([revoked_before, ended_before](connection& db) -> result<bool> {
            return purge_some(db, revoked_before, ended_before);
        });
        if (!more) co_return std::unexpected(more.error());
        if (!*more) co_return result<void>();
    }
}

}  // namespace userinfo::sql
