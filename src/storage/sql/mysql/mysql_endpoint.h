// Where a MariaDB server is, and as whom to speak to it.
#pragma once

#include <cstdint>
#include <string>

namespace userinfo::sql {

struct mysql_endpoint {
    std::string host = {};
    std::uint16_t port = 3306;
    std::string socket = {};  // the path of a unix socket, instead of host and port
    std::string user;
    std::string password = {};
    std::string database;
    // A file with the authority that vouches for the server, which must then prove that it is `host`. Empty: no TLS,
    // which is refused unless the server is on this machine.
    std::string tls_ca = {};
};

}  // namespace userinfo::sql
