// A statement that a MariaDB server has prepared.
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
    // Throws driver_error. To be gone before the handle is.
    mysql_statement(st_mysql* handle, statement sql);

    // As in connection.h. They throw constraint_violation and driver_error. After an error of `query` the connection is
    // of no more use: some of the answer may be on its way.
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
