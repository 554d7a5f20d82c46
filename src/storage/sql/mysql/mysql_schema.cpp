#include "storage/sql/mysql/mysql_schema.h"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include <mysql.h>

#include "base/log.h"
#include "mysql_0001_initial.embedded.h"
#include "mysql_0002_attempts_keys_audit.embedded.h"
#include "mysql_0003_cluster.embedded.h"
#include "mysql_0004_compatibility.embedded.h"
#include "mysql_0005_refresh_arrival.embedded.h"
#include "mysql_0006_devices.embedded.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

constexpr std::array migrations{
    migration{.number = 1, .name = "initial", .script = embedded::mysql_0001_initial},
    migration{.number = 2, .name = "attempts_keys_audit", .script = embedded::mysql_0002_attempts_keys_audit},
    migration{.number = 3, .name = "cluster", .script = embedded::mysql_0003_cluster},
    migration{.number = 4, .name = "compatibility", .script = embedded::mysql_0004_compatibility},
    migration{.number = 5, .name = "refresh_arrival", .script = embedded::mysql_0005_refresh_arrival},
    migration{.number = 6, .name = "devices", .script = embedded::mysql_0006_devices},
};

// Rebuilding a table may take long before the server replies.
constexpr std::chrono::seconds no_time_limit{0};

// Returns null and the reason if the server cannot be used.
std::unique_ptr<mysql_schema_connection> try_connect(const mysql_endpoint& server, std::string& complaint) {
    try {
        return std::make_unique<mysql_schema_connection>(server);
    } catch (const std::runtime_error& why) {
        complaint = why.what();
        return nullptr;
    }
}

bool takes_writes(mysql_schema_connection& server) {
    return server.query_one("SELECT @@global.read_only")->integer(0) == 0;
}

}  // namespace

mysql_schema_connection::mysql_schema_connection(const mysql_endpoint& endpoint) : handle_(endpoint, no_time_limit) {
    handle_.run("SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'");
}

bool mysql_schema_connection::has_table(std::string_view name) {
    return query_one("SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
                     {name})
        .has_value();
}

void mysql_schema_connection::run_script(std::string_view script) { handle_.run_script(script); }

void mysql_schema_connection::begin_exclusive() {
    const auto locked = query_one("SELECT GET_LOCK(CONCAT('userinfo migration of ', DATABASE()), 60)");
    if (locked->is_null(0) || locked->integer(0) != 1) {
        throw driver_error("another program has been migrating the schema for a minute", failure_kind::unavailable);
    }
    handle_.run("START TRANSACTION");
}

void mysql_schema_connection::commit() {
    handle_.run("COMMIT");
    query("SELECT RELEASE_LOCK(CONCAT('userinfo migration of ', DATABASE()))");
}

// Closing the connection releases the lock at the latest.
void mysql_schema_connection::rollback() noexcept {
    try {
        handle_.run("ROLLBACK");
        query("SELECT RELEASE_LOCK(CONCAT('userinfo migration of ', DATABASE()))");
    } catch (const std::exception& failed) {
        log_warning("cannot roll back a migration", {{"detail", std::string_view(failed.what())}});
    }
}

std::int64_t mysql_schema_connection::last_insert_id() {
    return static_cast<std::int64_t>(mysql_insert_id(handle_.get()));
}

std::uint64_t mysql_schema_connection::do_execute(statement sql, parameters values) {
    return mysql_statement(handle_.get(), sql).execute(values);
}

std::vector<row> mysql_schema_connection::do_query(statement sql, parameters values) {
    return mysql_statement(handle_.get(), sql).query(values);
}

std::span<const migration> mysql_migrations() { return migrations; }

std::vector<applied_migration> migrate_mysql(const mysql_endpoint& endpoint, const clock& clock) {
    mysql_schema_connection connection(endpoint);
    return apply_migrations(connection, mysql_migrations(), clock);
}

void require_mysql_schema(const mysql_endpoint& server) {
    mysql_schema_connection connection(server);
    require_schema(connection, mysql_migrations());
}

void refuse_other_mysql_schema(std::span<const mysql_endpoint> servers) {
    std::string complaint;
    for (const auto& server : servers) {
        std::string unreachable;
        auto connection = try_connect(server, unreachable);
        if (!connection || !takes_writes(*connection)) continue;
        try {
            require_schema(*connection, mysql_migrations());
            return;
        } catch (const std::runtime_error& why) {
            complaint = why.what();
        }
    }
    if (!complaint.empty()) throw std::runtime_error(complaint);
}

mysql_endpoint only_writable(std::span<const mysql_endpoint> servers) {
    std::string complaint = "none of the database's servers takes writes";
    const mysql_endpoint* found = nullptr;
    for (const auto& server : servers) {
        auto connection = try_connect(server, complaint);
        if (!connection || !takes_writes(*connection)) continue;
        if (found != nullptr) throw std::runtime_error("more than one of the database's servers takes writes");
        found = &server;
    }
    if (found == nullptr) throw std::runtime_error(complaint);
    return *found;
}

}  // namespace userinfo::sql
