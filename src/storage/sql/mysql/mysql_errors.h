// What MariaDB's error numbers mean to a transaction.
#pragma once

#include <string>
#include <string_view>

#include "storage/sql/errors.h"

namespace userinfo::sql {

struct mysql_failure {
    unsigned code;             // of the server (1000 on) or of the client library (2000 on)
    std::string_view message;  // may hold values
};

failure_kind kind_of(const mysql_failure& failure);

// "table.column" from the message of a duplicate key, by the names that the migrations give to unique indexes;
// "PRIMARY" for a primary key.
std::string violated_constraint(std::string_view message);

// `doing`: the text of a statement, which holds no value. Throws constraint_violation or driver_error; their text has
// no value in it either.
[[noreturn]] void throw_statement_failure(const mysql_failure& failure, std::string_view doing);

// No value was sent yet, so this one gives the server's own words.
[[noreturn]] void throw_connect_failure(const mysql_failure& failure, std::string_view server);

}  // namespace userinfo::sql
