#include "storage/sql/sql_profile_store.h"

#include "account/account_rules.h"
#include "profile/date.h"
#include "profile/write_rules.h"
#include "storage/sql/account_rows.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

date to_date(const std::string& text) {
    const auto day = parse_date(text);
    if (!day) throw driver_error("a stored birthday is not a date", failure_kind::bug);
    return *day;
}

std::optional<std::string> to_text(const std::optional<date>& day) {
    if (!day) return std::nullopt;
    return to_string(*day);
}

versioned_profile to_versioned_profile(const row& row) {
    versioned_profile found{.version = row.count(0), .value = {}};
    if (row.integer(1) != 0) return found;
    found.value = profile{.account = row.id(2),
                          .username = row.text(3),
                          .birthday = {},
                          .avatar = row.text(5),
                          .email = row.text_or(6, "")};
    if (!row.is_null(4)) found.value->birthday = to_date(row.text(4));
    return found;
}

// Version 0 if there is no row.
versioned_profile load_profile(connection& db, const uuid& account) {
    const auto row = db.query_one(
        "SELECT p.version, p.deleted, a.public_id, p.username, p.birthday, p.avatar, i.value "
        "FROM account a JOIN profile p ON p.account_id = a.id "
        "LEFT JOIN login_identifier i ON i.account_id = a.id AND i.is_primary = 1 WHERE a.public_id = ?",
        {account});
    return row ? to_versioned_profile(*row) : versioned_profile();
}

// errc::not_found: the account is gone.
result<std::int64_t> lock_owner(connection& db, const uuid& account) {
    const auto row = lock_account(db, account);
    const auto exists = check_exists(standing_of(row));
    if (!exists) return std::unexpected(exists.error());
    return row->id;
}

struct locked_profile {
    std::int64_t account_id;
    versioned_profile now;
};

// The lock on the account protects its profile. errc::not_found, errc::version_mismatch.
result<locked_profile> lock_profile(connection& db, const uuid& account, const write_condition& condition) {
    const auto owner = lock_owner(db, account);
    auto found = owner ? load_profile(db, account) : versioned_profile();
    const auto allowed = check_write(found, condition);
    if (!allowed) return std::unexpected(allowed.error());
    return locked_profile{.account_id = *owner, .now = std::move(found)};
}

void apply(profile& target, const profile_changes& changes) {
    if (changes.username) target.username = *changes.username;
    if (changes.birthday) target.birthday = *changes.birthday;
    if (changes.avatar) target.avatar = *changes.avatar;
}

// Replaces any row, including a tombstone.
void store_profile(connection& db, std::int64_t account_id, const profile& value, timestamp now) {
    db.execute(
        "UPDATE profile SET username = ?, birthday = ?, avatar = ?, deleted = 0, version = version + 1, "
        "updated_at = ? WHERE account_id = ?",
        {value.username, to_text(value.birthday), value.avatar, now, account_id});
}

void insert_profile(connection& db, std::int64_t account_id, const profile& value, timestamp now) {
    db.execute(
        "INSERT INTO profile (account_id, username, birthday, avatar, version, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, 1, ?, ?)",
        {account_id, value.username, to_text(value.birthday), value.avatar, now, now});
}

}  // namespace

task<result<versioned_profile>> sql_profile_store::find(uuid account) {
    return database_.look([account](connection& db) -> result<versioned_profile> { return load_profile(db, account); });
}

task<result<std::optional<versioned_profile>>> sql_profile_store::find_on_replica(uuid account) {
    if (replicas_ == nullptr) co_return std::nullopt;
    const auto load = [account](connection& db) -> result<versioned_profile> { return load_profile(db, account); };
    auto found = co_await replicas_->look(load);
    if (found) co_return std::move(*found);
    if (found.error().code == errc::unavailable) co_return std::nullopt;
    co_return std::unexpected(std::move(found.error()));
}

task<result<versioned_profile>> sql_profile_store::create(uuid account, const profile_changes& changes, timestamp now) {
    return database_.write([account, &changes, now](connection& db) -> result<versioned_profile> {
        const auto owner = lock_owner(db, account);
        if (!owner) return std::unexpected(owner.error());
        const auto before = load_profile(db, account);
        const auto allowed = check_creation(before);
        if (!allowed) return std::unexpected(allowed.error());
        profile created;
        apply(created, changes);
        if (before.version == 0)
            insert_profile(db, *owner, created, now);
        else
            store_profile(db, *owner, created, now);
        return load_profile(db, account);
    });
}

task<result<versioned_profile>> sql_profile_store::update(uuid account, const profile_changes& changes,
                                                          write_condition condition, timestamp now) {
    return database_.write(
        [account, &changes, condition = std::move(condition), now](connection& db) -> result<versioned_profile> {
            auto locked = lock_profile(db, account, condition);
            if (!locked) return std::unexpected(locked.error());
            apply(*locked->now.value, changes);
            store_profile(db, locked->account_id, *locked->now.value, now);
            ++locked->now.version;
            return std::move(locked->now);
        });
}

task<result<versioned_profile>> sql_profile_store::remove(uuid account, write_condition condition, timestamp now) {
    return database_.write(
        [account, condition = std::move(condition), now](connection& db) -> result<versioned_profile> {
            const auto locked = lock_profile(db, account, condition);
            if (!locked) return std::unexpected(locked.error());
            db.execute(
                "UPDATE profile SET username = NULL, birthday = NULL, avatar = '', deleted = 1, version = version + 1, "
                "updated_at = ? WHERE account_id = ?",
                {now, locked->account_id});
            return versioned_profile{.version = locked->now.version + 1, .value = {}};
        });
}

}  // namespace userinfo::sql
