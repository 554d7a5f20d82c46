#include "storage/sql/session_rows.h"

#include <algorithm>

#include "base/join_literals.h"

namespace userinfo::sql {

namespace {

constexpr char select_sessions[] =
    "SELECT s.sid, a.public_id, s.nonce, s.generation, s.transport, s.client, s.amr, s.device, "
    "s.address, s.last_address, s.auth_time, s.created_at, s.last_seen_at, s.idle_expires_at, s.absolute_expires_at, "
    "s.rotated_at, s.ended_at, s.epoch, a.session_epoch, a.status, s.arrived_generation, s.telling_generation, "
    "s.arrived_at, s.late_repeats "
    "FROM session s JOIN account a ON a.id = s.account_id ";

constexpr auto select_by_sid = join(select_sessions, "WHERE s.sid = ?");
constexpr auto lock_by_sid = join(select_sessions, "WHERE s.sid = ? /*! FOR UPDATE */");
constexpr auto select_open = join(select_sessions, "WHERE a.public_id = ? AND s.ended_at IS NULL ORDER BY s.id");
constexpr auto select_open_by_use = join(select_sessions,
                                         "WHERE a.public_id = ? AND s.ended_at IS NULL "
                                         "ORDER BY s.last_seen_at DESC, s.id DESC");

session_nonce to_nonce(const std::string& bytes) {
    session_nonce nonce{};
    std::ranges::copy_n(bytes.begin(), static_cast<std::ptrdiff_t>(std::min(bytes.size(), nonce.size())),
                        nonce.begin());
    return nonce;
}

session to_session(const row& row) {
    return {.id = row.id(0),
            .account = row.id(1),
            .nonce = to_nonce(row.text(2)),
            .generation = row.count(3),
            .arrived = row.count(20),
            .transport = row.as<transport>(4),
            .client = row.text(5),
            .amr = row.text(6),
            .device = row.text(7),
            .address = row.text(8),
            .last_address = row.text(9),
            .auth_time = row.time(10),
            .created_at = row.time(11),
            .last_seen_at = row.time(12),
            .idle_expires_at = row.time(13),
            .absolute_expires_at = row.time(14)};
}

stored_session to_stored_session(const row& row) {
    return {.value = to_session(row),
            .rotated_at = row.optional_time(15),
            .tells_generation = row.count(21) == row.count(3),
            .arrived_at = row.optional_time(22),
            .late_repeats = row.count(23),
            .ended = !row.is_null(16),
            .epoch = row.count(17),
            .account = {.status = row.as<account_status>(19), .session_epoch = row.count(18)}};
}

std::vector<stored_session> to_stored_sessions(const std::vector<row>& rows) {
    std::vector<stored_session> sessions;
    for (const auto& row : rows) sessions.push_back(to_stored_session(row));
    return sessions;
}

std::optional<stored_session> first(const std::optional<row>& row) {
    if (!row) return std::nullopt;
    return to_stored_session(*row);
}

}  // namespace

std::optional<stored_session> load_session(connection& db, const uuid& sid) {
    return first(db.query_one(select_by_sid.data(), {sid}));
}

std::optional<stored_session> lock_session(connection& db, const uuid& sid) {
    return first(db.query_one(lock_by_sid.data(), {sid}));
}

std::vector<stored_session> load_open_sessions(connection& db, const uuid& account) {
    return to_stored_sessions(db.query(select_open.data(), {account}));
}

std::vector<stored_session> load_open_sessions_by_use(connection& db, const uuid& account) {
    return to_stored_sessions(db.query(select_open_by_use.data(), {account}));
}

session_ids load_ended_by_owner(connection& db, const uuid& account, timestamp since) {
    session_ids ended;
    for (const auto& row : db.query("SELECT s.sid FROM session s JOIN account a ON a.id = s.account_id "
                                    "WHERE a.public_id = ? AND s.ended_at >= ? AND s.end_reason = ?",
                                    {account, since, end_reason::ended_by_owner})) {
        ended.push_back(row.id(0));
    }
    return ended;
}

void insert_session(connection& db, const session& opened, std::int64_t account_id, std::uint64_t epoch) {
    const blob nonce{{reinterpret_cast<const char*>(opened.nonce.data()), opened.nonce.size()}};
    db.execute(
        "INSERT INTO session (sid, account_id, nonce, generation, epoch, transport, client, amr, device, address, "
        "last_address, auth_time, created_at, last_seen_at, idle_expires_at, absolute_expires_at, "
        "telling_generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {opened.id, account_id, nonce, opened.generation, epoch, opened.transport, opened.client, opened.amr,
         opened.device, opened.address, opened.last_address, opened.auth_time, opened.created_at, opened.last_seen_at,
         opened.expires_at(), opened.absolute_expires_at, opened.generation});
}

void update_rotated(connection& db, const session& rotated, timestamp now) {
    db.execute(
        "UPDATE session SET generation = ?, telling_generation = ?, rotated_at = ?, late_repeats = 0, last_seen_at = "
        "?, "
        "last_address = ?, idle_expires_at = ? WHERE sid = ? AND generation = ?",
        {rotated.generation, rotated.generation, now, rotated.last_seen_at, rotated.last_address,
         rotated.idle_expires_at, rotated.id, rotated.generation - 1});
}

void add_late_repeat(connection& db, const uuid& sid) {
    db.execute("UPDATE session SET late_repeats = late_repeats + 1 WHERE sid = ?", {sid});
}

void update_arrived(connection& db, const uuid& sid, std::uint64_t generation, timestamp now) {
    db.execute("UPDATE session SET arrived_generation = ?, arrived_at = ? WHERE sid = ? AND generation = ?",
               {generation, now, sid, generation});
}

void end_session(connection& db, const uuid& sid, end_reason reason, timestamp now) {
    db.execute("UPDATE session SET ended_at = ?, end_reason = ? WHERE sid = ?", {now, reason, sid});
    db.execute("INSERT INTO revoked_session (sid, revoked_at) VALUES (?, ?)", {sid, now});
}

void end_sessions(connection& db, const session_ids& ended, end_reason reason, timestamp now) {
    for (const auto& each : ended) end_session(db, each, reason, now);
}

session_ids end_open_sessions(connection& db, const uuid& account, end_reason reason, timestamp now) {
    session_ids ended;
    for (const auto& each : load_open_sessions(db, account)) ended.push_back(each.value.id);
    end_sessions(db, ended, reason, now);
    return ended;
}

}  // namespace userinfo::sql
