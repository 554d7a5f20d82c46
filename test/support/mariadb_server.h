// The MariaDB servers that `tools/with_servers mariadb` started. A test that needs a server fails without it.
#pragma once

#include <string>

#include "storage/sql/mysql/mysql_endpoint.h"
#include "support/environment.h"

namespace userinfo::test {

// The endpoint that the program serves with, on the primary or on "REPLICA".
inline sql::mysql_endpoint mariadb_app(const std::string& server = "PRIMARY") {
    return {
        .host = "127.0.0.1",
        .port = static_cast<std::uint16_t>(std::stoi(environment_variable(("MARIADB_" + server + "_PORT").c_str()))),
        .user = "app",
        .password = environment_variable("MARIADB_APP_PASSWORD"),
        .database = "userinfo"};
}

// The user who may create tables.
inline sql::mysql_endpoint mariadb_migrator() {
    auto endpoint = mariadb_app();
    endpoint.user = "migrate";
    endpoint.password = environment_variable("MARIADB_MIGRATE_PASSWORD");
    return endpoint;
}

// The user with all privileges.
inline sql::mysql_endpoint mariadb_administrator(const std::string& server = "PRIMARY") {
    return {.socket = environment_variable(("MARIADB_" + server + "_SOCKET").c_str()),
            .user = environment_variable("MARIADB_ADMINISTRATOR"),
            .database = "userinfo"};
}

}  // namespace userinfo::test
