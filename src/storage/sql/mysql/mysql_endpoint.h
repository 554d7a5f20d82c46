// The address and the credentials for a MariaDB server.
#pragma once

#include <cstdint>
#include <string>

namespace userinfo::sql {

struct mysql_endpoint {
    std::string host = {};
    std::uint16_t port = 3306;
    std::string socket = {};  // path of a unix socket, instead of host and port
    std::string user;
    std::string password = {};
    std::string database;
    // CA file to verify the server's certificate, which must be valid for `host`. Empty: no TLS, which is only allowed
    // if the server is on this machine.
    std::string tls_ca = {};
};

}  // namespace userinfo::sql
