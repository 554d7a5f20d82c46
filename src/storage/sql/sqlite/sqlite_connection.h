// A connection to an SQLite file. Used by one thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <unordered_map>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage/sql/migrations.h"

namespace userinfo::sql {

// How long a connection waits for another process's lock.
inline constexpr std::chrono::milliseconds sqlite_busy_timeout = std::chrono::seconds(5);

class sqlite_connection final : public schema_connection {
public:
    enum class access {
        read,    // the file must exist
        write,   // the file must exist
        create,  // creates the file (0600) and its folder (0700) if they do not exist
    };

    // Throws std::runtime_error that names the file.
    sqlite_connection(const std::filesystem::path& file, access access);

    // Starts a read transaction on a snapshot.
    void begin_read();

    // Waits for the write lock.
    void begin_exclusive() override;
    void commit() override;
    void rollback() noexcept override;

    // Returns false after an error that ended the transaction.
    bool in_transaction() const noexcept;

    // A nested transaction; one level only.
    void begin_savepoint();
    void release_savepoint();
    void rollback_savepoint();

    bool has_table(std::string_view name) override;
    void run_script(std::string_view script) override;
    std::int64_t last_insert_id() override { return database_.getLastInsertRowid(); }

private:
    class running_statement;

    std::uint64_t do_execute(statement sql, parameters values) override;
    std::vector<row> do_query(statement sql, parameters values) override;

    void configure(access access);
    void use_write_ahead_log();
    SQLite::Statement& prepared(statement sql);
    template <class Work>
    auto translating_errors(Work work);
    [[noreturn]] void rethrow() const;

    SQLite::Database database_;
    // Keyed by the literal's address. Declared after `database_` because it must be destroyed first.
    std::unordered_map<const char*, SQLite::Statement> statements_;
};

}  // namespace userinfo::sql
