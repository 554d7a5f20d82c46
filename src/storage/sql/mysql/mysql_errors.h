// Maps MariaDB's error numbers to the failures of a transaction.
#pragma once

#include <string>
#include <string_view>

#include "storage/sql/errors.h"

namespace userinfo::sql {

struct mysql_failure {
    unsigned code;             // from the server (1000 and up) or the client library (2000 and up)
    std::string_view message;  // may contain values
};

failure_kind kind_of(const mysql_failure& failure);

// Extracts "table.column" from a duplicate key message, based on the migrations' names for unique indexes. Returns
// "PRIMARY" for a primary key.
std::string violated_constraint(std::string_view message);

// `doing` is the text of a statement, without values. Throws constraint_violation or driver_error, whose texts contain
// no values either.
[[noreturn]] void throw_statement_failure(const mysql_failure& failure, std::string_view doing);

// Includes the server's own message, because no values have been sent yet. What the server refuses, such as the user or
// the database, is no bug of the program: it throws `unavailable`.
[[noreturn]] void throw_connect_failure(const mysql_failure& failure, std::string_view server);

}  // namespace userinfo::sql
