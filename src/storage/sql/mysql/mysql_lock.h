// A lock by name on a MariaDB server, for what must not be done twice at once, from whatever machine.
#pragma once

#include <chrono>
#include <string_view>

#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_session.h"

namespace userinfo::sql {

// Held as long as this lives, and the connection, which is its own.
class mysql_lock {
public:
    // Waits for at most `patience`. `name` is the same for all who use the database. Throws std::runtime_error: the
    // server cannot be used, or somebody else held the lock all the time.
    mysql_lock(const mysql_endpoint& server, std::string_view name, std::chrono::seconds patience);

private:
    mysql_session session_;
};

}  // namespace userinfo::sql
