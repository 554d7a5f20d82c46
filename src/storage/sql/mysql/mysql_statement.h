// A prepared statement on a MariaDB server.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "storage/sql/connection.h"

struct st_mysql;
struct st_mysql_stmt;

namespace userinfo::sql {

class mysql_statement {
public:
    // Throws driver_error. Must be destroyed before the handle.
    mysql_statement(st_mysql* handle, statement sql);

    // As in connection.h. Throw constraint_violation and driver_error. After an error of `query` the connection is
    // unusable, because a part of the result may still arrive.
    std::uint64_t execute(parameters values);
    std::vector<row> query(parameters values);

private:
    struct closer {
        void operator()(st_mysql_stmt* handle) const;
    };

    void run(parameters values);
    [[noreturn]] void fail() const;

    const char* const text_;
    std::unique_ptr<st_mysql_stmt, closer> handle_;
};

}  // namespace userinfo::sql
