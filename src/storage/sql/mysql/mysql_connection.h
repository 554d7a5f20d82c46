// One connection to a MariaDB server, ready for transactions: as connection.h promises, whatever the server's defaults.
#pragma once

#include <unordered_map>

#include "storage/sql/connection.h"
#include "storage/sql/mysql/mysql_session.h"
#include "storage/sql/mysql/mysql_statement.h"

namespace userinfo::sql {

// None of our statements takes that long, not even one that waits for a lock: a server that is silent for longer is
// taken for dead.
inline constexpr std::chrono::seconds mysql_silence{3};

// For one thread at a time. A transaction begins with the first statement after the last one's end.
class mysql_connection final : public connection {
public:
    enum class access {
        read,   // snapshots: REPEATABLE READ, READ ONLY
        write,  // READ COMMITTED
    };

    // Throws std::runtime_error if the endpoint asks for what is not safe, and driver_error. May take 5 s.
    mysql_connection(const mysql_endpoint& endpoint, access access);

    // Throws driver_error: conflict if nothing was committed and another try may succeed, else outcome_unknown.
    void commit();
    void rollback() noexcept;

    // Whether it is of no more use.
    bool is_broken() const { return broken_; }

    // What shuts this down ends all waiting for the server.
    int socket() const { return session_.socket(); }

    std::int64_t last_insert_id() override;

private:
    std::uint64_t do_execute(statement sql, parameters values) override;
    std::vector<row> do_query(statement sql, parameters values) override;

    void configure(access access);
    mysql_statement& prepared(statement sql);
    template <class Work>
    auto noting_breaks(Work work);

    mysql_session session_;
    // By the literal's address. After `session_`: must go before it.
    std::unordered_map<const char*, mysql_statement> statements_;
    bool broken_ = false;
};

}  // namespace userinfo::sql
