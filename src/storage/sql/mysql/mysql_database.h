// A MariaDB server as the program's database.
#pragma once

#include "storage/sql/database.h"
#include "storage/sql/mysql/mysql_host.h"

namespace userinfo::sql {

class mysql_database final : public database {
public:
    // The schema must be there (mysql_schema.h).
    explicit mysql_database(mysql_host& host) : host_(host) {}

    task<result<std::uint64_t>> change_counter() override;

private:
    task<std::optional<error>> run_write(transaction_body& body) override;
    task<std::optional<error>> run_read(transaction_body& body) override;

    mysql_host& host_;
};

}  // namespace userinfo::sql
