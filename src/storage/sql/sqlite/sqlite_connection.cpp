#include "storage/sql/sqlite/sqlite_connection.h"

#include <stdexcept>
#include <thread>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "storage/sql/errors.h"
#include "storage/sql/sqlite/sqlite_file.h"

namespace userinfo::sql {

namespace {

// Each thread has its own connections, so they do not need SQLite's mutex.
int open_flags(sqlite_connection::access access) {
    const bool read_only = access == sqlite_connection::access::read;
    return (read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE) | SQLite::OPEN_NOMUTEX;
}

SQLite::Database open_file(const std::filesystem::path& file, sqlite_connection::access access) {
    if (access == sqlite_connection::access::create) make_private_file(file);
    try {
        return {file.string(), open_flags(access), static_cast<int>(sqlite_busy_timeout.count())};
    } catch (const SQLite::Exception& failed) {
        throw std::runtime_error("cannot open the database '" + file.string() + "': " + failed.what());
    }
}

failure_kind kind_of(int code) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN: return failure_kind::unavailable;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_NOMEM: return failure_kind::whole_transaction;
        default: return failure_kind::bug;
    }
}

// Parses "UNIQUE constraint failed: table.column, table.other".
std::string violated_constraint(std::string_view message) {
    const auto colon = message.rfind(": ");
    if (colon == message.npos) return {};
    message.remove_prefix(colon + 2);
    return std::string(message.substr(0, message.find(',')));
}

void bind_value(SQLite::Statement& statement, int place, const parameter::value_type& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
        statement.bind(place, *number);
    else if (const auto* text = std::get_if<std::string_view>(&value))
        statement.bind(place, std::string(*text));
    else if (const auto* bytes = std::get_if<blob>(&value))
        statement.bind(place, bytes->bytes.data(), static_cast<int>(bytes->bytes.size()));
    else
        statement.bind(place);
}

cell read_cell(const SQLite::Column& column) {
    switch (column.getType()) {
        case SQLITE_NULL: return {};
        case SQLITE_INTEGER: return column.getInt64();
        default: {
            const auto* bytes = static_cast<const char*>(column.getBlob());
            return std::string(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(column.getBytes()));
        }
    }
}

}  // namespace

// A prepared statement with bound values, which are cleared on destruction.
class sqlite_connection::running_statement {
public:
    running_statement(SQLite::Statement& statement, parameters values) : statement_(statement) {
        if (statement.getBindParameterCount() != static_cast<int>(values.size())) {
            throw wrong_number_of_values();
        }
        int place = 0;
        for (const auto& each : values) bind_value(statement_, ++place, each.value());
    }

    ~running_statement() {
        statement_.tryReset();
        statement_.clearBindings();
    }

    running_statement(const running_statement&) = delete;
    running_statement& operator=(const running_statement&) = delete;

    bool step() { return statement_.executeStep(); }

    row read() const {
        std::vector<cell> cells;
        const int columns = statement_.getColumnCount();
        cells.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) cells.push_back(read_cell(statement_.getColumn(i)));
        return row(std::move(cells));
    }

private:
    SQLite::Statement& statement_;
};

template <class Work>
auto sqlite_connection::translating_errors(Work work) {
    try {
        return work();
    } catch (const SQLite::Exception&) {
        rethrow();
    }
}

void sqlite_connection::rethrow() const {
    const int code = sqlite3_extended_errcode(database_.getHandle());
    const std::string message = sqlite3_errmsg(database_.getHandle());
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
        throw constraint_violation(violated_constraint(message));
    }
    throw driver_error("SQLite error " + std::to_string(code) + ": " + message, kind_of(code));
}

sqlite_connection::sqlite_connection(const std::filesystem::path& file, access access)
    : database_(open_file(file, access)) {
    try {
        configure(access);
    } catch (const std::exception& failed) {
        throw std::runtime_error("cannot use the database '" + file.string() + "': " + failed.what());
    }
}

void sqlite_connection::configure(access access) {
    sqlite3_extended_result_codes(database_.getHandle(), 1);
    // At most 16 MiB. With SQLite's default of 2 MiB, a read in 60 MB of accounts takes twice as long.
    run_script("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
    if (access == access::read) {
        run_script("PRAGMA query_only = ON;");
        return;
    }
    use_write_ahead_log();
    run_script(
        "PRAGMA synchronous = FULL;"
        "PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = ON;"
        "PRAGMA journal_size_limit = 67108864;");
}

// The switch to WAL needs exclusive access to the file and does not wait for it.
void sqlite_connection::use_write_ahead_log() {
    const auto give_up = std::chrono::steady_clock::now() + sqlite_busy_timeout;
    for (;;) {
        try {
            return run_script("PRAGMA journal_mode = WAL;");
        } catch (const driver_error& failed) {
            if (failed.kind() != failure_kind::unavailable || std::chrono::steady_clock::now() > give_up) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void sqlite_connection::begin_read() { execute("BEGIN"); }
void sqlite_connection::begin_exclusive() { execute("BEGIN IMMEDIATE"); }
void sqlite_connection::commit() { execute("COMMIT"); }

void sqlite_connection::rollback() noexcept {
    if (in_transaction()) database_.tryExec("ROLLBACK");
}

bool sqlite_connection::in_transaction() const noexcept { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

void sqlite_connection::begin_savepoint() { execute("SAVEPOINT operation"); }
void sqlite_connection::release_savepoint() { execute("RELEASE operation"); }

void sqlite_connection::rollback_savepoint() {
    execute("ROLLBACK TO operation");
    execute("RELEASE operation");
}

bool sqlite_connection::has_table(std::string_view name) {
    return query_one("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", {name}).has_value();
}

void sqlite_connection::run_script(std::string_view script) {
    translating_errors([&] { database_.exec(std::string(script)); });
}

std::uint64_t sqlite_connection::do_execute(statement sql, parameters values) {
    return translating_errors([&] {
        running_statement running(prepared(sql), values);
        while (running.step()) continue;
        return static_cast<std::uint64_t>(database_.getChanges());
    });
}

std::vector<row> sqlite_connection::do_query(statement sql, parameters values) {
    return translating_errors([&] {
        running_statement running(prepared(sql), values);
        std::vector<row> rows;
        while (running.step()) rows.push_back(running.read());
        return rows;
    });
}

SQLite::Statement& sqlite_connection::prepared(statement sql) {
    const auto found = statements_.find(sql.text());
    if (found != statements_.end()) return found->second;
    return statements_.emplace(sql.text(), SQLite::Statement(database_, sql.text())).first->second;
}

}  // namespace userinfo::sql
