#include "storage/sql/sql_account_store.h"

#include <algorithm>
#include <array>

#include "account/account_rules.h"
#include "device/device_rules.h"
#include "storage/sql/account_rows.h"
#include "storage/sql/audit_rows.h"
#include "storage/sql/device_rows.h"
#include "storage/sql/errors.h"
#include "storage/sql/session_rows.h"

namespace userinfo::sql {

namespace {

std::optional<account> to_account(const std::optional<row>& row) {
    if (!row) return std::nullopt;
    return account{.id = row->id(0),
                   .status = row->as<account_status>(1),
                   .email = row->text_or(2, ""),
                   .created_at = row->time(3)};
}

// The ids of the devices that a client shows, as parameters of one statement for every client: what it does not show is
// the nil id, which no device has.
std::array<uuid, devices_per_client> ids_of(const device_proofs& shown) {
    std::array<uuid, devices_per_client> ids;
    for (std::size_t i = 0; i < std::min(shown.size(), ids.size()); ++i) ids[i] = shown[i].device;
    return ids;
}

// `rows`: one for each device of the account among those that were shown, or a single one without a device.
std::optional<password_record> to_password_record(const std::vector<row>& rows, const device_proofs& shown,
                                                  timestamp now) {
    if (rows.empty()) return std::nullopt;
    const auto& first = rows.front();
    password_record record{.account = first.id(0),
                           .status = first.as<account_status>(1),
                           .password_hash = first.text(2),
                           .version = first.count(3),
                           .identifier_key = first.text_or(4, "")};
    const auto proof = proof_for(shown, record.account);
    for (const auto& row : rows) {
        if (proof && !row.is_null(5) && is_current(*proof, to_device(row, 5), now)) record.device = proof->device;
    }
    return record;
}

void insert_account(connection& db, const new_account& account) {
    db.execute("INSERT INTO account (public_id, origin, created_at, updated_at) VALUES (?, ?, ?, ?)",
               {account.id, account.origin, account.created_at, account.created_at});
    const auto id = db.last_insert_id();
    db.execute(
        "INSERT INTO login_identifier (account_id, kind, value, value_key, is_primary, created_at) "
        "VALUES (?, ?, ?, ?, 1, ?)",
        {id, account.identifier.kind, account.identifier.typed, blob{account.identifier.key}, account.created_at});
    db.execute("INSERT INTO credential (account_id, kind, data, set_at) VALUES (?, 1, ?, ?)",
               {id, account.password_hash, account.created_at});
}

void store_password(connection& db, std::int64_t account, const std::string& hash, timestamp now) {
    db.execute("UPDATE credential SET data = ?, version = version + 1, set_at = ? WHERE account_id = ? AND kind = 1",
               {hash, now, account});
}

// Deletes everything that identifies the person. Ids, times and the status stay.
void clear_account(connection& db, std::int64_t account, timestamp now) {
    db.execute("DELETE FROM session WHERE account_id = ?", {account});
    db.execute("DELETE FROM device WHERE account_id = ?", {account});
    db.execute("DELETE FROM profile WHERE account_id = ?", {account});
    db.execute("DELETE FROM credential WHERE account_id = ?", {account});
    db.execute("DELETE FROM login_identifier WHERE account_id = ?", {account});
    db.execute("UPDATE account SET status = ?, locale = '' WHERE id = ?", {account_status::deleted, account});
    raise_session_epoch(db, account, now);
}

}  // namespace

task<result<void>> sql_account_store::create(const new_account& account, const audit_event& audit) {
    return database_.write([&account, &audit](connection& db) -> result<void> {
        try {
            insert_account(db, account);
        } catch (const constraint_violation& violated) {
            if (violated.constraint() != "login_identifier.value_key") throw;
            return std::unexpected(email_taken());
        }
        insert_audit(db, audit);
        return {};
    });
}

task<result<std::optional<account>>> sql_account_store::find(uuid id) {
    return database_.read([id](connection& db) -> result<std::optional<account>> {
        return to_account(db.query_one(
            "SELECT a.public_id, a.status, i.value, a.created_at FROM account a "
            "LEFT JOIN login_identifier i ON i.account_id = a.id AND i.is_primary = 1 WHERE a.public_id = ?",
            {id}));
    });
}

task<result<std::optional<account>>> sql_account_store::find_by_identifier(const std::string& identifier_key) {
    return database_.read([&identifier_key](connection& db) -> result<std::optional<account>> {
        return to_account(
            db.query_one("SELECT a.public_id, a.status, i.value, a.created_at FROM login_identifier i "
                         "JOIN account a ON a.id = i.account_id WHERE i.value_key = ?",
                         {blob{identifier_key}}));
    });
}

task<result<std::optional<password_record>>> sql_account_store::find_password(const std::string& identifier_key,
                                                                              const device_proofs& shown) {
    return database_.read([this, &identifier_key, &shown](connection& db) -> result<std::optional<password_record>> {
        const auto ids = ids_of(shown);
        return to_password_record(
            db.query("SELECT a.public_id, a.status, c.data, c.version, i.value_key, d.public_id, d.generation, d.name, "
                     "d.created_at, d.last_used_at FROM login_identifier i "
                     "JOIN account a ON a.id = i.account_id "
                     "JOIN credential c ON c.account_id = a.id AND c.kind = 1 AND c.disabled_at IS NULL "
                     "LEFT JOIN device d ON d.account_id = a.id AND d.public_id IN (?, ?, ?, ?, ?) "
                     "WHERE i.value_key = ?",
                     {ids[0], ids[1], ids[2], ids[3], ids[4], blob{identifier_key}}),
            shown, clock_.now());
    });
}

task<result<std::optional<password_record>>> sql_account_store::find_password(uuid account,
                                                                              const device_proofs& shown) {
    return database_.read([this, account, &shown](connection& db) -> result<std::optional<password_record>> {
        const auto ids = ids_of(shown);
        return to_password_record(
            db.query("SELECT a.public_id, a.status, c.data, c.version, i.value_key, d.public_id, d.generation, d.name, "
                     "d.created_at, d.last_used_at FROM account a "
                     "JOIN credential c ON c.account_id = a.id AND c.kind = 1 AND c.disabled_at IS NULL "
                     "LEFT JOIN login_identifier i ON i.account_id = a.id AND i.is_primary = 1 "
                     "LEFT JOIN device d ON d.account_id = a.id AND d.public_id IN (?, ?, ?, ?, ?) "
                     "WHERE a.public_id = ?",
                     {ids[0], ids[1], ids[2], ids[3], ids[4], account}),
            shown, clock_.now());
    });
}

task<result<std::vector<account>>> sql_account_store::list(uuid after, std::size_t limit) {
    return database_.read([after, limit](connection& db) -> result<std::vector<account>> {
        std::vector<account> accounts;
        for (const auto& row :
             db.query("SELECT a.public_id, a.status, i.value, a.created_at FROM account a "
                      "LEFT JOIN login_identifier i ON i.account_id = a.id AND i.is_primary = 1 "
                      "WHERE a.id > COALESCE((SELECT id FROM account WHERE public_id = ?), 0) AND a.status <> 2 "
                      "ORDER BY a.id LIMIT ?",
                      {after, limit})) {
            accounts.push_back(*to_account(row));
        }
        return accounts;
    });
}

// The parameters end before the first dollar sign behind "$argon2id$v=19$", which has 15 characters.
task<result<hash_kinds>> sql_account_store::list_hash_kinds(std::uint64_t after, std::size_t limit) {
    return database_.read([after, limit](connection& db) -> result<hash_kinds> {
        hash_kinds kinds;
        for (const auto& row :
             db.query("SELECT SUBSTR(data, 1, 15 + INSTR(SUBSTR(data, 16), '$')) AS beginning, MAX(id) FROM "
                      "(SELECT id, data FROM credential WHERE id > ? AND kind = 1 ORDER BY id LIMIT ?) AS page "
                      "GROUP BY beginning",
                      {after, limit})) {
            kinds.beginnings.push_back(row.text(0));
            kinds.last = std::max(kinds.last, row.count(1));
        }
        return kinds;
    });
}

task<result<void>> sql_account_store::replace_hash(uuid account, const std::string& old_hash,
                                                   const std::string& new_hash) {
    return database_.write([account, &old_hash, &new_hash](connection& db) -> result<void> {
        db.execute(
            "UPDATE credential SET data = ? WHERE account_id = (SELECT id FROM account WHERE public_id = ?) "
            "AND kind = 1 AND data = ?",
            {new_hash, account, old_hash});
        return {};
    });
}

task<result<session_ids>> sql_account_store::change_password(const password_change& change, const audit_event& audit) {
    return database_.write([this, &change, &audit](connection& db) -> result<session_ids> {
        const auto now = clock_.now();
        const auto account = lock_account(db, change.by.account);
        const auto own = lock_session(db, change.by.session);
        const auto allowed = check_password_change(own, lock_password_version(db, account), change, now);
        if (!allowed) return std::unexpected(allowed.error());
        store_password(db, account->id, change.password_hash, now);
        auto ended = end_open_sessions(db, change.by.account, end_reason::password_change, now);
        raise_session_epoch(db, account->id, now);
        insert_session(db, change.successor, account->id, account->standing.session_epoch + 1);
        insert_audit(db, audit);
        return ended;
    });
}

task<result<session_ids>> sql_account_store::remove(uuid account, const std::optional<principal>& by,
                                                    const audit_event& audit) {
    return database_.write([this, account, &by, &audit](connection& db) -> result<session_ids> {
        const auto now = clock_.now();
        const auto row = lock_account(db, account);
        const auto allowed = by ? check_removal(standing_of(row), lock_session(db, by->session), *by, now)
                                : check_exists(standing_of(row));
        if (!allowed) return std::unexpected(allowed.error());
        auto ended = end_open_sessions(db, account, end_reason::deleted, now);
        clear_account(db, row->id, now);
        insert_audit(db, audit);
        return ended;
    });
}

task<result<session_ids>> sql_account_store::set_status(uuid account, account_status status, const audit_event& audit) {
    return database_.write([this, account, status, &audit](connection& db) -> result<session_ids> {
        const auto row = lock_account(db, account);
        const auto change = decide_status_change(standing_of(row), status);
        if (!change) return std::unexpected(change.error());
        if (*change == status_change::none) return session_ids();
        const auto now = clock_.now();
        session_ids ended;
        if (*change == status_change::suspend) {
            ended = end_open_sessions(db, account, end_reason::suspended, now);
            raise_session_epoch(db, row->id, now);
        }
        db.execute("UPDATE account SET status = ?, version = version + 1, updated_at = ? WHERE id = ?",
                   {status, now, row->id});
        insert_audit(db, audit);
        return ended;
    });
}

task<result<void>> sql_account_store::record(const audit_event& audit) {
    return database_.write([&audit](connection& db) -> result<void> {
        insert_audit(db, audit);
        return {};
    });
}

}  // namespace userinfo::sql
