// A connection to a MariaDB server with the guarantees of connection.h, regardless of the server's defaults.
#pragma once

#include <unordered_map>

#include "storage/sql/connection.h"
#include "storage/sql/mysql/mysql_handle.h"
#include "storage/sql/mysql/mysql_statement.h"

namespace userinfo::sql {

// No statement takes this long, not even one that waits for a lock. A server that is silent for longer counts as dead.
inline constexpr std::chrono::seconds mysql_silence{3};

// Used by one thread at a time. On a connection that writes, a transaction starts with the first statement after the
// previous one's end. On others, each statement is by itself, unless begin_snapshot has been called.
class mysql_connection final : public connection {
public:
    enum class access {
        look,   // READ ONLY, one statement at a time
        read,   // the same connections; snapshots: REPEATABLE READ
        write,  // READ COMMITTED
    };

    // Throws std::runtime_error if the endpoint's settings are unsafe, and driver_error. May take 5 s.
    mysql_connection(const mysql_endpoint& endpoint, access access);

    // All statements until `rollback` see the same data. Only on a connection that reads. Throws driver_error.
    void begin_snapshot();

    // Throws driver_error: `conflict` if nothing was committed and a retry may succeed, otherwise `outcome_unknown`.
    void commit();
    void rollback() noexcept;

    // Whether the connection is unusable.
    bool is_broken() const { return broken_; }

    // Shutting down this socket ends any wait for the server.
    int socket() const { return handle_.socket(); }

    std::int64_t last_insert_id() override;

private:
    std::uint64_t do_execute(statement sql, parameters values) override;
    std::vector<row> do_query(statement sql, parameters values) override;

    void configure(access access);
    mysql_statement& prepared(statement sql);
    template <class Work>
    auto noting_breaks(Work work);

    mysql_handle handle_;
    // Keyed by the literal's address. Declared after `handle_` because it must be destroyed first.
    std::unordered_map<const char*, mysql_statement> statements_;
    bool broken_ = false;
};

}  // namespace userinfo::sql
