#include "storage/sql/sql_key_store.h"

#include <chrono>
#include <utility>

#include "base/join_literals.h"
#include "keys/key_rules.h"
#include "storage/sql/audit_rows.h"

namespace userinfo::sql {

namespace {

constexpr char select_keys[] =
    "SELECT kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, sign_until, verify_until, created_at "
    "FROM crypto_key ";

constexpr auto select_all = join(select_keys, "ORDER BY id");
constexpr auto select_live = join(select_keys, "WHERE state <> ? ORDER BY id");
constexpr auto select_by_kid = join(select_keys, "WHERE kid = ?");

stored_key to_stored_key(const row& row) {
    return {.kid = row.text(0),
            .purpose = row.as<key_purpose>(1),
            .state = row.as<key_state>(2),
            .public_jwk = row.text(3),
            .sealed = row.text(4),
            .sealing_key_id = row.text(5),
            .not_before = row.time(6),
            .sign_until = row.optional_time(7),
            .verify_until = row.optional_time(8),
            .created_at = row.time(9)};
}

std::vector<stored_key> to_stored_keys(const std::vector<row>& rows) {
    std::vector<stored_key> keys;
    for (const auto& row : rows) keys.push_back(to_stored_key(row));
    return keys;
}

std::vector<stored_key> load_live(connection& db) {
    return to_stored_keys(db.query(select_live.data(), {key_state::gone}));
}

void record(connection& db, audit_type type, const std::string& reason, const key_step& step) {
    insert_audit(db, {.type = type, .at = step.at, .actor = step.actor, .reason = reason});
}

void insert_key(connection& db, const stored_key& key, const key_step& step) {
    db.execute(
        "INSERT INTO crypto_key (kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, sign_until, "
        "verify_until, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {key.kid, key.purpose, key.state, key.public_jwk, blob{key.sealed}, key.sealing_key_id, key.not_before,
         key.sign_until, key.verify_until, key.created_at});
    record(db, audit_type::key_created, key.kid, step);
}

// Key steps are rare, and many depend on the other keys, so programs take them one at a time. (An empty table has no
// rows to lock; there the uniqueness of the active key decides.)
void lock_keys(connection& db) { db.query("SELECT id FROM crypto_key /*! FOR UPDATE */"); }

std::optional<stored_key> find_key(connection& db, const std::string& kid) {
    const auto found = db.query_one(select_by_kid.data(), {kid});
    if (!found) return std::nullopt;
    return to_stored_key(*found);
}

std::optional<std::string> find_kid(connection& db, key_purpose purpose, key_state state) {
    const auto found = db.query_one("SELECT kid FROM crypto_key WHERE purpose = ? AND state = ?", {purpose, state});
    if (!found) return std::nullopt;
    return found->text(0);
}

void retire(connection& db, const std::string& kid, timestamp verify_until, const key_step& step) {
    db.execute("UPDATE crypto_key SET state = ?, sign_until = ?, verify_until = ? WHERE kid = ?",
               {key_state::retiring, step.at, verify_until, kid});
    record(db, audit_type::key_retired, kid, step);
}

}  // namespace

task<result<std::vector<stored_key>>> sql_key_store::list() {
    return database_.read(
        [](connection& db) -> result<std::vector<stored_key>> { return to_stored_keys(db.query(select_all.data())); });
}

task<result<std::vector<stored_key>>> sql_key_store::list_live() {
    using steady = std::chrono::steady_clock;
    auto kept = live_.find(database_.unchanged(), steady::now());
    if (kept) co_return std::move(kept->answer);
    const auto began = steady::now();
    auto found =
        co_await database_.look([](connection& db) -> result<std::vector<stored_key>> { return load_live(db); });
    if (found) live_.keep(*found, began);
    co_return found;
}

task<result<void>> sql_key_store::add(const std::vector<stored_key>& keys, const key_step& step) {
    return database_.write([&keys, &step](connection& db) -> result<void> {
        lock_keys(db);
        auto present = load_live(db);
        for (const auto& key : keys) {
            const auto allowed = check_may_be_added(key, present);
            if (!allowed) return allowed;
            insert_key(db, key, step);
            present.push_back(key);
        }
        return {};
    });
}

task<result<bool>> sql_key_store::activate(const std::string& kid, timestamp verify_until, const key_step& step) {
    return database_.write([&kid, verify_until, &step](connection& db) -> result<bool> {
        lock_keys(db);
        const auto key = find_key(db, kid);
        if (!key || !is_due_to_sign(*key, step.at)) return false;
        // The order matters: there must never be two active keys.
        const auto active = find_kid(db, key->purpose, key_state::active);
        if (active) retire(db, *active, verify_until, step);
        db.execute("UPDATE crypto_key SET state = ? WHERE kid = ?", {key_state::active, kid});
        record(db, audit_type::key_activated, kid, step);
        return true;
    });
}

task<result<bool>> sql_key_store::destroy(const std::string& kid, const key_step& step) {
    return database_.write([&kid, &step](connection& db) -> result<bool> {
        lock_keys(db);
        const auto key = find_key(db, kid);
        if (!key || !is_due_to_end(*key, step.at)) return false;
        db.execute("UPDATE crypto_key SET state = ?, sealed = ? WHERE kid = ?", {key_state::gone, blob{""}, kid});
        record(db, audit_type::key_destroyed, kid, step);
        return true;
    });
}

task<result<bool>> sql_key_store::revoke(const std::string& kid, const stored_key& successor, const key_step& step) {
    return database_.write([&kid, &successor, &step](connection& db) -> result<bool> {
        lock_keys(db);
        const auto key = find_key(db, kid);
        const auto allowed = check_may_be_revoked(key, kid);
        if (!allowed) return std::unexpected(allowed.error());
        db.execute("UPDATE crypto_key SET state = ?, sealed = ?, sign_until = ?, verify_until = ? WHERE kid = ?",
                   {key_state::gone, blob{""}, step.at, step.at, kid});
        record(db, audit_type::key_revoked, kid, step);
        if (key->state != key_state::active) return false;
        insert_key(db, successor, step);
        return true;
    });
}

task<result<void>> sql_key_store::reseal(const std::vector<resealed_key>& keys, const std::string& sealing_key_id,
                                         const key_step& step) {
    return database_.write([&keys, &sealing_key_id, &step](connection& db) -> result<void> {
        lock_keys(db);
        const auto there = db.query_one("SELECT COUNT(*) FROM crypto_key WHERE state <> ?", {key_state::gone});
        bool same = there->count(0) == keys.size();
        for (const auto& key : keys) {
            const auto resealed = db.execute(
                "UPDATE crypto_key SET sealed = ?, sealing_key_id = ? WHERE kid = ? AND sealed = ? AND state <> ?",
                {blob{key.after}, sealing_key_id, key.kid, blob{key.before}, key_state::gone});
            same = same && resealed == 1;
        }
        if (!same) return failure(errc::version_mismatch, "The keys have changed meanwhile.");
        record(db, audit_type::keys_rewrapped, sealing_key_id, step);
        return {};
    });
}

}  // namespace userinfo::sql
