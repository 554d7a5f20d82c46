#include "programs/chosen_database.h"

#include <span>
#include <stdexcept>

#include "programs/data_folder.h"
#include "programs/program_signals.h"
#include "programs/secret_settings.h"
#include "programs/setting_table.h"
#include "programs/setting_values.h"
#include "programs/tls_settings.h"
#include "storage/sql/mysql/mysql_database.h"
#include "storage/sql/mysql/mysql_schema.h"
#include "storage/sql/sqlite/sqlite_database.h"
#include "storage/sql/sqlite/sqlite_schema.h"

namespace userinfo::programs {

namespace {

// Long enough for services that are started together with the servers.
constexpr std::chrono::seconds patience_at_start{30};
constexpr std::chrono::milliseconds between_looks{200};  // for a signal to stop

std::vector<sql::mysql_endpoint> endpoints_of(const settings& settings) {
    const auto& mariadb = settings.mariadb;
    sql::mysql_endpoint endpoint{.user = mariadb.user,
                                 .password = mariadb_password(settings),
                                 .database = mariadb.database,
                                 .tls_ca = mariadb_authority(settings)};
    std::vector<sql::mysql_endpoint> endpoints;
    for (const std::string_view host : mariadb.hosts) {
        endpoint.socket = host.starts_with("unix:") ? host.substr(5) : "";
        if (endpoint.socket.empty()) {
            auto [name, port] = read_host_and_port(host);
            endpoint.host = std::move(name);
            endpoint.port = port;
        }
        endpoints.push_back(endpoint);
    }
    return endpoints;
}

sql::mysql_cluster_options cluster_options_of(const settings& settings) {
    sql::mysql_cluster_options options{.hosts = {}, .require_replica = settings.mariadb.require_replica};
    auto name = settings.mariadb.hosts.begin();
    for (auto& endpoint : endpoints_of(settings)) {
        options.hosts.push_back(
            {.endpoint = std::move(endpoint), .name = *name++, .threads = settings.mariadb.threads});
    }
    return options;
}

std::runtime_error no_primary(sql::mysql_cluster& cluster) {
    return std::runtime_error("mariadb.hosts: none of the servers is a primary that takes writes: " +
                              cluster.complaints());
}

// Throws std::runtime_error if there is no primary in time, and told_to_stop.
void wait_for_primary(sql::mysql_cluster& cluster, std::span<const sql::mysql_endpoint> servers) {
    const auto deadline = std::chrono::steady_clock::now() + patience_at_start;
    while (!cluster.wait_for_primary(between_looks)) {
        stop_if_told();
        if (std::chrono::steady_clock::now() <= deadline) continue;
        sql::refuse_other_mysql_schema(servers);
        throw no_primary(cluster);
    }
}

}  // namespace

std::filesystem::path database_file(const settings& settings) { return settings.data_dir / "userinfo.db"; }

std::vector<sql::applied_migration> migrate_database(const settings& settings, const clock& clock) {
    if (!settings.mariadb.is_on()) return sql::migrate_sqlite(database_file(settings), clock);
    return sql::migrate_mysql(sql::only_writable(endpoints_of(settings)), clock);
}

chosen_database::chosen_database(const settings& settings, const clock& clock, metrics& metrics) {
    if (!settings.mariadb.is_on()) {
        require_database(database_file(settings));
        primary_ =
            std::make_unique<sql::sqlite_database>(sql::sqlite_options{.file = database_file(settings)}, metrics);
        return;
    }
    const auto endpoints = endpoints_of(settings);
    sql::refuse_other_mysql_schema(endpoints);  // waiting would not help
    servers_ = std::make_unique<sql::mysql_cluster>(cluster_options_of(settings), clock, metrics);
    wait_for_primary(*servers_, endpoints);
    sql::require_mysql_schema(*primary_endpoint());
    using access = sql::mysql_host::access;
    primary_ = std::make_unique<sql::mysql_database>(
        [servers = servers_.get()](access access) {
            return access == access::write ? servers->writer() : servers->primary();
        },
        [servers = servers_.get()] { return servers->unchanged(); });
    replicas_ =
        std::make_unique<sql::mysql_database>([servers = servers_.get()](access) { return servers->replica(); });
}

std::optional<sql::mysql_endpoint> chosen_database::primary_endpoint() const {
    if (!servers_) return std::nullopt;
    auto endpoint = servers_->primary_endpoint();
    if (!endpoint) throw no_primary(*servers_);
    return endpoint;
}

}  // namespace userinfo::programs
