#include "contract/mysql_stores.h"

#include "base/metrics.h"
#include "storage/sql/mysql/mysql_database.h"
#include "storage/sql/mysql/mysql_schema.h"
#include "storage/sql/sql_stores.h"
#include "support/mariadb_server.h"
#include "support/tcp_proxy.h"

namespace userinfo::test {

namespace {

// Tables take long to make and connections some time to open, so all tests share them.
sql::mysql_host& shared_host() {
    static metrics figures;
    static sql::mysql_host host = [] {
        sql::migrate_mysql(mariadb_migrator(), system_clock());
        return sql::mysql_host({.endpoint = mariadb_app(), .threads = 8}, figures);
    }();
    return host;
}

struct replica {
    metrics figures;
    tcp_proxy proxy{mariadb_app("REPLICA").port};
    sql::mysql_host host{{.endpoint = endpoint(), .threads = 1}, figures};

private:
    sql::mysql_endpoint endpoint() const {
        auto behind_proxy = mariadb_app("REPLICA");
        behind_proxy.port = proxy.port();
        return behind_proxy;
    }
};

replica& shared_replica() {
    static replica replica;
    return replica;
}

result<void> delete_rows(sql::connection& db) {
    db.execute("DELETE FROM profile");
    db.execute("DELETE FROM session");
    db.execute("DELETE FROM device");
    db.execute("DELETE FROM credential");
    db.execute("DELETE FROM login_identifier");
    db.execute("DELETE FROM account");
    db.execute("DELETE FROM revoked_session");
    db.execute("DELETE FROM crypto_key");
    db.execute("DELETE FROM throttle");
    db.execute("DELETE FROM audit_chain");
    db.execute("DELETE FROM audit_event");
    return {};
}

class mysql_stores final : public stores {
public:
    mysql_stores() { run(database_.write(delete_rows)).value(); }

    account_store& accounts() override { return stores_.accounts; }
    session_store& sessions() override { return stores_.sessions; }
    profile_store& profiles() override { return stores_.profiles; }
    key_store& keys() override { return stores_.keys; }
    throttle_store& throttle() override { return stores_.throttle; }
    device_store& devices() override { return stores_.devices; }
    audit_store& audits() override { return stores_.audit; }

    std::size_t count_audits(audit_type type) override {
        return count([type](sql::connection& db) {
            return db.query_one("SELECT COUNT(*) FROM audit_event WHERE type = ?", {to_string(type)});
        });
    }

    std::size_t count_mentions(const std::string& text) override {
        return count([&text](sql::connection& db) {
            return db.query_one(
                "SELECT (SELECT COUNT(*) FROM login_identifier WHERE value = ? OR value_key = ?)"
                " + (SELECT COUNT(*) FROM credential WHERE data = ?)"
                " + (SELECT COUNT(*) FROM profile WHERE username = ?)"
                " + (SELECT COUNT(*) FROM session WHERE address = ? OR last_address = ? OR device = ?)"
                " + (SELECT COUNT(*) FROM device WHERE name = ?)",
                {text, sql::blob{text}, text, text, text, text, text, text});
        });
    }

    void undo_end(const uuid& session) override {
        const auto undone = run(database_.write([session](sql::connection& db) -> result<void> {
            db.execute("UPDATE session SET ended_at = NULL, end_reason = NULL WHERE sid = ?", {session});
            return {};
        }));
        EXPECT_TRUE(undone);
    }

    std::uint64_t session_epoch(const uuid& account) override {
        return count([account](sql::connection& db) {
            return db.query_one("SELECT session_epoch FROM account WHERE public_id = ?", {account});
        });
    }

    bool has_replica() const override { return true; }
    void cut_off_replica() override { shared_replica().proxy.refuse(); }
    void reconnect_replica() override { shared_replica().proxy.accept(); }

private:
    template <class Query>
    std::size_t count(Query query) {
        return run(database_.read([&query](sql::connection& db) -> result<std::size_t> { return query(db)->count(0); }))
            .value();
    }

    sql::mysql_database database_{shared_host()};
    sql::mysql_database replicas_{[](sql::mysql_host::access) { return &shared_replica().host; }};
    sql::sql_stores stores_{database_, &replicas_, clock};
};

}  // namespace

std::unique_ptr<stores> make_mysql_stores() { return std::make_unique<mysql_stores>(); }

}  // namespace userinfo::test
