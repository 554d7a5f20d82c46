#include "storage/sql/sqlite/sqlite_database.h"

#include "storage/sql/errors.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "storage/sql/storage_figures.h"

namespace userinfo::sql {

namespace {

std::unique_ptr<sqlite_connection> open_writer(const std::filesystem::path& file) {
    auto connection = std::make_unique<sqlite_connection>(file, sqlite_connection::access::write);
    require_schema(*connection, sqlite_migrations());
    return connection;
}

std::chrono::steady_clock::time_point deadline() { return std::chrono::steady_clock::now() + storage_timeout; }

}  // namespace

// A reader's connection, returned on destruction.
class sqlite_database::lent_connection {
public:
    explicit lent_connection(sqlite_database& owner) : owner_(owner) {
        const std::scoped_lock lock(owner_.idle_mutex_);
        connection_ = std::move(owner_.idle_.back());
        owner_.idle_.pop_back();
    }

    ~lent_connection() {
        const std::scoped_lock lock(owner_.idle_mutex_);
        owner_.idle_.push_back(std::move(connection_));
    }

    lent_connection(const lent_connection&) = delete;
    lent_connection& operator=(const lent_connection&) = delete;

    sqlite_connection& operator*() const { return *connection_; }

private:
    sqlite_database& owner_;
    std::unique_ptr<sqlite_connection> connection_;
};

sqlite_database::sqlite_database(const sqlite_options& options, metrics& metrics)
    : read_seconds_(storage_latency(metrics, {{"operation", "read"}})),
      reading_(std::make_shared<std::atomic<std::int64_t>>(0)),
      writer_(
          open_writer(options.file),
          {.queue_limit = options.write_queue_limit, .batch_limit = options.batch_limit, .timeout = storage_timeout},
          metrics),
      readers_({.name = "db-read", .threads = options.readers, .queue_limit = options.read_queue_limit}) {
    for (std::size_t i = 0; i < options.readers; ++i) {
        idle_.push_back(std::make_unique<sqlite_connection>(options.file, sqlite_connection::access::read));
    }
    measure_storage_queue(metrics, [reading = reading_] { return static_cast<double>(*reading); },
                          {{"operation", "read"}});
}

task<std::optional<error>> sqlite_database::run_write(transaction_body& body) { return writer_.run(body); }

task<std::optional<error>> sqlite_database::run_read(transaction_body& body) {
    const latency_timer timer(read_seconds_);
    ++*reading_;
    auto outcome = co_await readers_.run(deadline(), [this, &body] {
        const lent_connection connection(*this);
        return read_with(*connection, body);
    });
    --*reading_;
    if (!outcome) co_return std::move(outcome.error());
    co_return std::move(*outcome);
}

std::optional<error> sqlite_database::read_with(sqlite_connection& connection, transaction_body& body) {
    try {
        connection.begin_read();
        body(connection);
        connection.commit();
        return std::nullopt;
    } catch (const std::exception& failed) {
        connection.rollback();
        return to_error(failed);
    }
}

}  // namespace userinfo::sql
