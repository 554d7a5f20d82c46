#include "storage/sql/sql_session_store.h"

#include <algorithm>

#include "storage/sql/account_rows.h"
#include "storage/sql/audit_rows.h"
#include "storage/sql/session_rotation.h"
#include "storage/sql/session_rows.h"

namespace userinfo::sql {

namespace {

// Small, so that a purge never blocks other writers for long.
constexpr std::size_t purge_rows = 500;

// Decides whether a session may be opened. errc::wrong_credentials, errc::account_suspended.
result<account_row> lock_for_log_in(connection& db, const uuid& account, std::uint64_t verified_version) {
    const auto row = lock_account(db, account);
    if (!row || row->status == account_status::deleted || lock_password_version(db, row->id) != verified_version) {
        return failure(errc::wrong_credentials, "The email address or the password is wrong.");
    }
    if (row->status == account_status::suspended) return failure(errc::account_suspended, "This account is suspended.");
    return *row;
}

// The oldest sessions, which must end so that one more fits.
std::vector<session_row> too_many(std::vector<session_row> live, std::size_t per_account) {
    const auto kept = std::max<std::size_t>(per_account, 1) - 1;
    if (live.size() <= kept) return {};
    std::ranges::sort(live, {}, [](const session_row& row) { return std::pair(row.value.created_at, row.id); });
    live.erase(live.end() - static_cast<std::ptrdiff_t>(kept), live.end());
    return live;
}

std::vector<session_row> live_sessions(connection& db, const uuid& account, timestamp now) {
    auto sessions = load_open_sessions(db, account);
    std::erase_if(sessions, [now](const session_row& row) { return !row.is_live(now); });
    return sessions;
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

task<result<session_ids>> sql_session_store::open(const session& opened, std::uint64_t verified_version,
                                                  std::size_t per_account, const audit_event& audit) {
    return database_.write(
        [this, &opened, verified_version, per_account, &audit](connection& db) -> result<session_ids> {
            const auto account = lock_for_log_in(db, opened.account, verified_version);
            if (!account) return std::unexpected(account.error());
            const auto now = clock_.now();
            const auto surplus = too_many(live_sessions(db, opened.account, now), per_account);
            auto ended = end_sessions(db, surplus, end_reason::too_many, now);
            insert_session(db, opened, account->id, account->session_epoch);
            insert_audit(db, audit);
            record_ends(db, ended, "too_many", audit);
            return ended;
        });
}

task<result<std::optional<session>>> sql_session_store::find_live(uuid id, timestamp now) {
    return database_.read([id, now](connection& db) -> result<std::optional<session>> {
        auto row = load_session(db, id);
        if (!row || !row->is_live(now)) return std::nullopt;
        return std::move(row->value);
    });
}

task<result<rotation>> sql_session_store::rotate(const rotation_request& request, const audit_event& audit) {
    return database_.write([this, &request, &audit](connection& db) -> result<rotation> {
        return rotate_session(db, request, audit, clock_);
    });
}

task<result<bool>> sql_session_store::end(uuid account, uuid id, end_reason reason, const audit_event& audit) {
    return database_.write([this, account, id, reason, &audit](connection& db) -> result<bool> {
        const auto row = lock_session(db, id);
        if (!row || row->value.account != account || row->ended) return false;
        const auto now = clock_.now();
        end_session(db, *row, reason, now);
        insert_audit(db, audit);
        return row->is_live(now);
    });
}

task<result<void>> sql_session_store::end_one(const principal& by, uuid id, const audit_event& audit) {
    return database_.write([this, &by, id, &audit](connection& db) -> result<void> {
        const auto now = clock_.now();
        const auto own = lock_own_session(db, by, now);
        if (!own) return std::unexpected(own.error());
        const auto row = lock_session(db, id);
        if (!row || row->value.account != by.account || !row->is_live(now)) {
            return failure(errc::not_found, "There is no such session.");
        }
        end_session(db, *row, end_reason::ended_by_owner, now);
        insert_audit(db, audit);
        return {};
    });
}

task<result<session_ids>> sql_session_store::end_others(const principal& by, const audit_event& audit) {
    return database_.write([this, &by, &audit](connection& db) -> result<session_ids> {
        const auto now = clock_.now();
        const auto own = lock_own_session(db, by, now);
        if (!own) return std::unexpected(own.error());
        const auto open = load_open_sessions(db, by.account);
        auto ended = end_sessions(db, open, end_reason::ended_by_owner, now, by.session);
        record_ends(db, ended, audit.reason, audit);
        return ended;
    });
}

task<result<session>> sql_session_store::reauthenticate(const principal& by, const audit_event& audit) {
    return database_.write([this, &by, &audit](connection& db) -> result<session> {
        auto own = lock_own_session(db, by, clock_.now());
        if (!own) return std::unexpected(own.error());
        own->value.auth_time = audit.at;
        db.execute("UPDATE session SET auth_time = ? WHERE id = ?", {audit.at, own->id});
        insert_audit(db, audit);
        return std::move(own->value);
    });
}

task<result<std::vector<session>>> sql_session_store::list_live(uuid account, timestamp now) {
    return database_.read([account, now](connection& db) -> result<std::vector<session>> {
        std::vector<session> sessions;
        for (auto& row : live_sessions(db, account, now)) sessions.push_back(std::move(row.value));
        return sessions;
    });
}

task<result<std::vector<revocation>>> sql_session_store::revoked_since(timestamp since) {
    return database_.read([since](connection& db) -> result<std::vector<revocation>> {
        std::vector<revocation> revocations;
        for (const auto& row : db.query(
                 "SELECT sid, revoked_at FROM revoked_session WHERE revoked_at >= ? ORDER BY revoked_at", {since})) {
            revocations.push_back({.session = row.id(0), .revoked_at = row.time(1)});
        }
        return revocations;
    });
}

task<result<std::uint64_t>> sql_session_store::change_counter() { return database_.change_counter(); }

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
