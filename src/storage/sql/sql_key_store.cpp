#include "storage/sql/sql_key_store.h"

#include "storage/sql/audit_rows.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

stored_key to_stored_key(const row& row) {
    return {.kid = row.text(0),
            .purpose = row.as<key_purpose>(1),
            .state = row.as<key_state>(2),
            .public_jwk = row.text(3),
            .sealed = row.text(4),
            .sealing_key_id = row.text(5),
            .not_before = row.time(6),
            .sign_until = row.optional_time(7),
            .verify_until = row.optional_time(8)};
}

void insert_key(connection& db, const stored_key& key, timestamp now) {
    db.execute(
        "INSERT INTO crypto_key (kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, sign_until, "
        "verify_until, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {key.kid, key.purpose, key.state, key.public_jwk, blob{key.sealed}, key.sealing_key_id, key.not_before,
         key.sign_until, key.verify_until, now});
}

}  // namespace

task<result<std::vector<stored_key>>> sql_key_store::list() {
    return database_.read([](connection& db) -> result<std::vector<stored_key>> {
        std::vector<stored_key> keys;
        for (const auto& row : db.query(
                 "SELECT kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, sign_until, verify_until "
                 "FROM crypto_key WHERE state <> 4 ORDER BY id")) {
            keys.push_back(to_stored_key(row));
        }
        return keys;
    });
}

task<result<void>> sql_key_store::add(const stored_key& key, const audit_event& audit) {
    return database_.write([&key, &audit](connection& db) -> result<void> {
        try {
            insert_key(db, key, audit.at);
        } catch (const constraint_violation& violated) {
            if (violated.constraint() != "crypto_key.purpose") throw;
            return failure(errc::already_exists, "There is an active key of this purpose.");
        }
        insert_audit(db, audit);
        return {};
    });
}

}  // namespace userinfo::sql
