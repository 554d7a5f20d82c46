// A named lock on a MariaDB server, for operations that must not run twice at once, even on different machines.
#pragma once

#include <chrono>
#include <string_view>

#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_handle.h"

namespace userinfo::sql {

// Held during the lifetime of this object and of its own connection.
class mysql_lock {
public:
    // Waits for at most `patience`. `name` must be the same for all users of the database. Throws std::runtime_error if
    // the server cannot be used or the lock is not free in time.
    mysql_lock(const mysql_endpoint& server, std::string_view name, std::chrono::seconds patience);

private:
    mysql_handle handle_;
};

}  // namespace userinfo::sql
