// The MariaDB servers that `tools/with_servers mariadb` has started. A test that needs one fails without it.
#pragma once

#include <string>

#include "storage/sql/mysql/mysql_endpoint.h"
#include "support/environment.h"

namespace userinfo::test {

// What the program serves with, on the primary or on "REPLICA".
inline sql::mysql_endpoint mariadb_app(const std::string& server = "PRIMARY") {
    return {
        .host = "127.0.0.1",
        .port = static_cast<std::uint16_t>(std::stoi(environment_variable(("MARIADB_" + server + "_PORT").c_str()))),
        .user = "app",
        .password = environment_variable("MARIADB_APP_PASSWORD"),
        .database = "userinfo"};
}

// Who may make tables.
inline sql::mysql_endpoint mariadb_migrator() {
    auto endpoint = mariadb_app();
    endpoint.user = "migrate";
    endpoint.password = environment_variable("MARIADB_MIGRATE_PASSWORD");
    return endpoint;
}

// Who may do everything.
inline sql::mysql_endpoint mariadb_administrator(const std::string& server = "PRIMARY") {
    return {.socket = environment_variable(("MARIADB_" + server + "_SOCKET").c_str()),
            .user = environment_variable("MARIADB_ADMINISTRATOR"),
            .database = "userinfo"};
}

}  // namespace userinfo::test
