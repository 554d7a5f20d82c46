// The whole service without a gateway, composed as in the standalone program, but with a new SQLite file, caches in
// memory, cheap password hashing and a manual clock.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "account/account_operations.h"
#include "account/accounts.h"
#include "account/devices.h"
#include "attempts/usage_limits.h"
#include "audit/audit_linker.h"
#include "keys/key_ring.h"
#include "profile/profiles.h"
#include "service/local_userinfo.h"
#include "session/session_check.h"
#include "session/sessions.h"
#include "storage/memory/memory_account_cache.h"
#include "storage/memory/memory_profile_cache.h"
#include "storage/memory/memory_session_cache.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/sql/sql_stores.h"
#include "storage/sql/sqlite/sqlite_database.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"

namespace userinfo::test {

inline const std::string anna = "anna@example.org";
inline const std::string berta = "berta@example.org";
inline const std::string good_password = "a phrase nobody guesses";

struct service_options {
    session_settings sessions = {};
    account_settings accounts = {.log_in_floor = std::chrono::milliseconds(0)};
    argon2_parameters argon2 = {.memory_kib = 64, .iterations = 1};
    source_rates sources = {.checks = {.per_minute = 60'000, .burst = 1000},
                            .registers = {.per_minute = 60'000, .burst = 1000}};
    throttle_rule failures = {};
    service_settings service = {.recent_log_in = std::chrono::hours(1)};
};

struct audit_record {
    bool succeeded;
    std::string reason, actor, session, address;
    std::optional<uuid> subject;
};

class service_fixture {
public:
    explicit service_fixture(const service_options& options = {})
        : revoked(store.sessions, session_cache, clock, options.sessions.access_lifetime),
          hashing({.argon2 = options.argon2, .threads = 1}, figures),
          sessions(options.sessions, store.sessions, revoked, access, refresh_keys, clock),
          source_limits(options.sources, 1000, clock),
          limits(options.failures, source_limits, store.throttle, internal, clock, figures),
          usage(source_limits, figures),
          accounts(options.accounts, store.accounts, limits, hashing, sessions, devices_of_clients, revoked, clock),
          operations(store.accounts, limits, revoked, clock),
          service(options.service, accounts, limits, usage, sessions, devices, check, profiles, account_cache,
                  published, clock) {
        const auto loaded = run(keys.load());
        EXPECT_TRUE(loaded) << loaded.error().message;
    }

    call request(std::string access_token = {}) const {
        return {.request_id = "test",
                .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1),
                .address = "192.0.2.1",
                .user_agent = "a browser",
                .access_token = std::move(access_token)};
    }

    uuid register_account(const std::string& email, const std::string& password = good_password) {
        return run(accounts.create(request(), email, password, "register")).value();
    }

    result<token_grant> try_log_in(const std::string& email, const std::string& password = good_password) {
        return run(accounts.log_in(request(), email, password, transport::bearer));
    }

    token_grant log_in(const std::string& email, const std::string& password = good_password) {
        return try_log_in(email, password).value();
    }

    result<principal> authenticate(const std::string& access_token) {
        auto call = request(access_token);
        return run(check.authenticate(call));
    }

    bool is_accepted(const token_grant& grant) { return authenticate(grant.access_token).has_value(); }

    result<token_grant> refresh(const token_grant& grant) {
        return run(sessions.refresh(request(), grant.refresh_token, grant.transport));
    }

    // Whose session the token belongs to, by its claims alone.
    principal owner_of(const token_grant& grant) {
        const auto claims = access.verify_signature(grant.access_token).value();
        return {.account = claims->subject,
                .session = claims->session,
                .client = claims->client,
                .auth_time = claims->auth_time,
                .amr = claims->amr,
                .generation = claims->generation};
    }

    // Ends a session as another program would that goes by `other_clock`: nothing here is told of it.
    void end_elsewhere(const principal& owner, const userinfo::clock& other_clock) {
        metrics other_figures;
        sql::sqlite_database same_database({.file = file}, other_figures);
        sql::sql_stores other(same_database, nullptr, other_clock);
        const audit_event audit{.type = audit_type::log_out, .at = other_clock.now()};
        EXPECT_TRUE(run(other.sessions.end(owner.account, owner.session, end_reason::log_out, audit)).value());
    }

    password_record password_of(const std::string& email) {
        return run(store.accounts.find_password(email, {})).value().value();
    }

    std::vector<audit_record> audits(audit_type type) const {
        sql::sqlite_connection db(file, sql::sqlite_connection::access::read);
        std::vector<audit_record> records;
        for (const auto& row : db.query("SELECT succeeded, reason, actor, session, address, subject FROM audit_event "
                                        "WHERE type = ? ORDER BY id",
                                        {to_string(type)})) {
            records.push_back({.succeeded = row.integer(0) == 1,
                               .reason = row.text(1),
                               .actor = row.text(2),
                               .session = row.text(3),
                               .address = row.text(4),
                               .subject = row.is_null(5) ? std::nullopt : std::optional(row.id(5))});
        }
        return records;
    }

    const scratch_folder folder;
    const std::filesystem::path file = folder / "userinfo.db";
    manual_clock clock;
    metrics figures;
    // Runs background work of a test. The context must outlive the stores.
    asio::io_context background{1};
    sql::sqlite_database database{{.file = migrated()}, figures};
    sql::sql_stores store{database, nullptr, clock};
    memory::memory_profile_cache profile_cache{1000, clock, figures};
    memory::memory_session_cache session_cache{1000, clock, figures};
    const master_key master = master_key::generate();
    access_keys published;
    refresh_tokens refresh_keys;
    internal_key internal;
    audit_chain chain{internal};
    audit_alarm alarm{figures};
    audit_linker linker{store.audit, chain, alarm};
    access_tokens access{{.issuer = "https://id.example", .audience = "userinfo"}, published, clock};
    key_ring keys{store.keys,
                  master_keys(master),
                  [this] { return master_keys(master); },
                  clock,
                  {.access = std::chrono::minutes(15), .refresh = std::chrono::days(30)},
                  published,
                  refresh_keys,
                  internal};
    revocations revoked;
    passwords hashing;
    userinfo::sessions sessions;
    const device_seal devices_of_clients{internal};
    userinfo::devices devices{store.devices, devices_of_clients, clock};
    memory::memory_source_limits source_limits;
    attempts limits;
    usage_limits usage;
    userinfo::accounts accounts;
    account_operations operations;
    session_check check{access, revoked, session_cache, store.sessions, clock};
    userinfo::profiles profiles{store.profiles, profile_cache, clock, figures};
    memory::memory_account_cache account_cache{session_cache, profile_cache};
    local_userinfo service;

private:
    const std::filesystem::path& migrated() const {
        sql::migrate_sqlite(file, clock);
        return file;
    }
};

}  // namespace userinfo::test
