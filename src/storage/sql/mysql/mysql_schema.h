// The migrations for MariaDB, built into the program, and what `userinfo migrate` does with them.
#pragma once

#include <span>
#include <vector>

#include "base/clock.h"
#include "storage/sql/migrations.h"
#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_session.h"
#include "storage/sql/mysql/mysql_statement.h"

namespace userinfo::sql {

// A connection for migrations. MariaDB commits each change of the schema at once, so what keeps migrators apart is a
// lock by name, and what makes a migration whole is that it can be run again: its row in schema_migration is the last
// thing that is written.
class mysql_schema_connection final : public schema_connection {
public:
    // Throws std::runtime_error: the server cannot be used.
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

    mysql_session session_;
};

std::span<const migration> mysql_migrations();

// Applies what is missing and returns it. Safe beside other programs that do the same. `endpoint` names a user who may
// change tables. Throws std::runtime_error: the server cannot be used, or its schema is newer than this program.
std::vector<applied_migration> migrate_mysql(const mysql_endpoint& endpoint, const clock& clock);

// Throws std::runtime_error: the server cannot be used, or has another schema than this program's.
void require_mysql_schema(const mysql_endpoint& server);

// Throws std::runtime_error: of the servers that take writes none has this program's schema. Servers that cannot be
// asked may have it.
void refuse_other_mysql_schema(std::span<const mysql_endpoint> servers);

// The one of several servers that takes writes, for who has no tables yet that would tell more. Throws
// std::runtime_error: none does, or more than one.
mysql_endpoint only_writable(std::span<const mysql_endpoint> servers);

}  // namespace userinfo::sql
