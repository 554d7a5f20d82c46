#include "storage/sql/session_rows.h"

#include <algorithm>

#include "storage/sql/join_literals.h"

namespace userinfo::sql {

namespace {

constexpr char select_sessions[] =
    "SELECT s.id, s.account_id, s.sid, a.public_id, s.nonce, s.generation, s.transport, s.client, s.amr, s.device, "
    "s.address, s.last_address, s.auth_time, s.created_at, s.last_seen_at, s.idle_expires_at, s.absolute_expires_at, "
    "s.rotated_at, s.ended_at, s.epoch, a.session_epoch, a.status "
    "FROM session s JOIN account a ON a.id = s.account_id ";

constexpr auto select_by_sid = join(select_sessions, "WHERE s.sid = ?");
constexpr auto lock_by_sid = join(select_sessions, "WHERE s.sid = ? /*! FOR UPDATE */");
constexpr auto select_open = join(select_sessions,
                                  "WHERE a.public_id = ? AND s.ended_at IS NULL "
                                  "ORDER BY s.last_seen_at DESC, s.id DESC");

session_nonce to_nonce(const std::string& bytes) {
    session_nonce nonce{};
    std::ranges::copy_n(bytes.begin(), static_cast<std::ptrdiff_t>(std::min(bytes.size(), nonce.size())),
                        nonce.begin());
    return nonce;
}

session to_session(const row& row) {
    return {.id = row.id(2),
            .account = row.id(3),
            .nonce = to_nonce(row.text(4)),
            .generation = row.count(5),
            .transport = row.as<transport>(6),
            .client = row.text(7),
            .amr = row.text(8),
            .device = row.text(9),
            .address = row.text(10),
            .last_address = row.text(11),
            .auth_time = row.time(12),
            .created_at = row.time(13),
            .last_seen_at = row.time(14),
            .idle_expires_at = row.time(15),
            .absolute_expires_at = row.time(16)};
}

session_row to_session_row(const row& row) {
    return {
        .id = row.integer(0),
        .account_id = row.integer(1),
        .value = to_session(row),
        .rotated_at = row.optional_time(17),
        .ended = !row.is_null(18),
        .account_allows = row.integer(19) == row.integer(20) && row.as<account_status>(21) == account_status::active};
}

std::optional<session_row> first(const std::optional<row>& row) {
    if (!row) return std::nullopt;
    return to_session_row(*row);
}

}  // namespace

std::optional<session_row> load_session(connection& db, const uuid& sid) {
    return first(db.query_one(select_by_sid.data(), {sid}));
}

std::optional<session_row> lock_session(connection& db, const uuid& sid) {
    return first(db.query_one(lock_by_sid.data(), {sid}));
}

std::vector<session_row> load_open_sessions(connection& db, const uuid& account) {
    std::vector<session_row> sessions;
    for (const auto& each : db.query(select_open.data(), {account})) sessions.push_back(to_session_row(each));
    return sessions;
}

result<session_row> lock_own_session(connection& db, const principal& by, timestamp now) {
    auto own = lock_session(db, by.session);
    if (!own || own->value.account != by.account || !own->is_live(now)) {
        return failure(errc::invalid_token, "The session has ended; log in again.");
    }
    return std::move(*own);
}

void insert_session(connection& db, const session& opened, std::int64_t account_id, std::uint64_t epoch) {
    const blob nonce{{reinterpret_cast<const char*>(opened.nonce.data()), opened.nonce.size()}};
    db.execute(
        "INSERT INTO session (sid, account_id, nonce, generation, epoch, transport, client, amr, device, address, "
        "last_address, auth_time, created_at, last_seen_at, idle_expires_at, absolute_expires_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {opened.id, account_id, nonce, opened.generation, epoch, opened.transport, opened.client, opened.amr,
         opened.device, opened.address, opened.last_address, opened.auth_time, opened.created_at, opened.last_seen_at,
         opened.expires_at(), opened.absolute_expires_at});
}

void end_session(connection& db, const session_row& row, end_reason reason, timestamp now) {
    db.execute("UPDATE session SET ended_at = ?, end_reason = ? WHERE id = ?", {now, reason, row.id});
    db.execute("INSERT INTO revoked_session (sid, revoked_at) VALUES (?, ?)", {row.value.id, now});
}

session_ids end_sessions(connection& db, const std::vector<session_row>& rows, end_reason reason, timestamp now,
                         std::optional<uuid> kept) {
    session_ids ended;
    for (const auto& each : rows) {
        if (each.value.id == kept) continue;
        end_session(db, each, reason, now);
        ended.push_back(each.value.id);
    }
    return ended;
}

}  // namespace userinfo::sql
