// The built-in MariaDB migrations, and the functions behind `userinfo migrate`.
#pragma once

#include <span>
#include <vector>

#include "base/clock.h"
#include "storage/sql/migrations.h"
#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_handle.h"
#include "storage/sql/mysql/mysql_statement.h"

namespace userinfo::sql {

// A connection for migrations. MariaDB commits every schema change immediately. So a named lock keeps migrators apart,
// and each migration must be repeatable: its row in schema_migration is written last.
class mysql_schema_connection final : public schema_connection {
public:
    // Throws std::runtime_error if the server cannot be used.
    explicit mysql_schema_connection(const mysql_endpoint& endpoint);

    bool has_table(std::string_view name) override;
    void run_script(std::string_view script) override;
    void begin_exclusive() override;
    void commit() override;
    void rollback() noexcept override;
    std::int64_t last_insert_id() override;

private:
    std::uint64_t do_execute(statement sql, parameters values) override;
    std::vector<row> do_query(statement sql, parameters values) override;

    mysql_handle handle_;
};

std::span<const migration> mysql_migrations();

// Applies the missing migrations and returns them. Safe beside other migrators. The user of `endpoint` must be allowed
// to alter tables. Throws std::runtime_error if the server cannot be used or its schema is too new for this program.
std::vector<applied_migration> migrate_mysql(const mysql_endpoint& endpoint, const clock& clock);

// Throws std::runtime_error if the server cannot be used or has another schema than the program.
void require_mysql_schema(const mysql_endpoint& server);

// Throws std::runtime_error if writable servers answer and none of them has the program's schema. A server that does
// not answer may have it.
void refuse_other_mysql_schema(std::span<const mysql_endpoint> servers);

// Returns the writable server among several, for programs that have no tables yet to decide by. Throws
// std::runtime_error if there is none or more than one.
mysql_endpoint only_writable(std::span<const mysql_endpoint> servers);

}  // namespace userinfo::sql
