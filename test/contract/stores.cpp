#include "contract/stores.h"

#include "contract/mysql_stores.h"
#include "contract/sqlite_stores.h"

namespace userinfo::test {

using namespace std::chrono_literals;

std::vector<database_kind> all_stores() { return {{"sqlite", make_sqlite_stores}, {"mariadb", make_mysql_stores}}; }

new_account store_contract::account_with(const std::string& email) const {
    return {.id = uuid::random(),
            .identifier = {.typed = email, .key = email},
            .password_hash = "hash-1",
            .origin = "register",
            .created_at = clock_.now()};
}

uuid store_contract::register_account(const std::string& email) {
    const auto account = account_with(email);
    const auto created = run(accounts_.create(account, audit(audit_type::register_account)));
    EXPECT_TRUE(created) << created.error().message;
    return account.id;
}

session store_contract::new_session(const uuid& account) const {
    const auto now = clock_.now();
    return {.id = uuid::random(),
            .account = account,
            .nonce = uuid::random().bytes(),
            .client = "web",
            .amr = "pwd",
            .device = "a browser",
            .address = "192.0.2.1",
            .last_address = "192.0.2.1",
            .auth_time = now,
            .created_at = now,
            .last_seen_at = now,
            .idle_expires_at = now + 14 * 24h,
            .absolute_expires_at = now + 30 * 24h};
}

device_use store_contract::new_device() const {
    return {.fresh_id = uuid::random(), .name = "a browser", .at = clock_.now()};
}

std::uint64_t store_contract::password_version(const uuid& account) {
    return run(accounts_.find_password(account, {}))->value().version;
}

principal store_contract::log_in(const uuid& account) {
    const auto opened = new_session(account);
    const auto outcome =
        run(sessions_.open(opened, password_version(account), 50, new_device(), audit(audit_type::log_in)));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return {.account = account, .session = opened.id, .client = "web", .auth_time = opened.auth_time, .amr = {"pwd"}};
}

bool store_contract::is_live(const uuid& session) {
    return run(sessions_.find_live(session, clock_.now())).value().has_value();
}

}  // namespace userinfo::test
