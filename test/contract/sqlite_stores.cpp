#include "contract/sqlite_stores.h"

#include <filesystem>

#include "base/metrics.h"
#include "storage/sql/sql_stores.h"
#include "storage/sql/sqlite/sqlite_database.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/scratch_folder.h"

namespace userinfo::test {

namespace {

class sqlite_stores final : public stores {
public:
    account_store& accounts() override { return stores_.accounts; }
    session_store& sessions() override { return stores_.sessions; }
    profile_store& profiles() override { return stores_.profiles; }
    key_store& keys() override { return stores_.keys; }
    throttle_store& throttle() override { return stores_.throttle; }
    device_store& devices() override { return stores_.devices; }
    audit_store& audits() override { return stores_.audit; }

    std::size_t count_audits(audit_type type) override {
        sql::sqlite_connection db(file_, sql::sqlite_connection::access::read);
        const auto row = db.query_one("SELECT COUNT(*) FROM audit_event WHERE type = ?", {to_string(type)});
        return row->count(0);
    }

    std::size_t count_mentions(const std::string& text) override {
        sql::sqlite_connection db(file_, sql::sqlite_connection::access::read);
        const sql::blob bytes{text};
        const auto row = db.query_one(
            "SELECT (SELECT COUNT(*) FROM login_identifier WHERE value = ? OR value_key = ?)"
            " + (SELECT COUNT(*) FROM credential WHERE data = ?)"
            " + (SELECT COUNT(*) FROM profile WHERE username = ?)"
            " + (SELECT COUNT(*) FROM session WHERE address = ? OR last_address = ? OR device = ?)"
            " + (SELECT COUNT(*) FROM device WHERE name = ?)",
            {text, bytes, text, text, text, text, text, text});
        return row->count(0);
    }

    void undo_end(const uuid& session) override {
        sql::sqlite_connection db(file_, sql::sqlite_connection::access::write);
        db.execute("UPDATE session SET ended_at = NULL, end_reason = NULL WHERE sid = ?", {session});
    }

    std::uint64_t session_epoch(const uuid& account) override {
        sql::sqlite_connection db(file_, sql::sqlite_connection::access::read);
        return db.query_one("SELECT session_epoch FROM account WHERE public_id = ?", {account})->count(0);
    }

private:
    std::filesystem::path migrated() {
        auto file = folder_ / "userinfo.db";
        sql::migrate_sqlite(file, clock);
        return file;
    }

    scratch_folder folder_;
    metrics metrics_;
    const std::filesystem::path file_ = migrated();
    sql::sqlite_database database_{{.file = file_}, metrics_};
    sql::sql_stores stores_{database_, nullptr, clock};
};

}  // namespace

std::unique_ptr<stores> make_sqlite_stores() { return std::make_unique<sqlite_stores>(); }

}  // namespace userinfo::test
