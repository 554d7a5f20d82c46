// Owns a connection of MariaDB's client library: opens, checks and closes it.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "storage/sql/mysql/mysql_endpoint.h"

struct st_mysql;

namespace userinfo::sql {

// Used by one thread at a time.
class mysql_handle {
public:
    // `silence` is how long the server may be silent before it counts as dead, in whole seconds; 0 means forever.
    // Throws std::runtime_error if the endpoint's settings are unsafe, and driver_error.
    mysql_handle(const mysql_endpoint& endpoint, std::chrono::seconds silence);

    // Runs one statement without values and without a result. Throws driver_error.
    void run(const char* sql);

    // Runs several statements. Throws driver_error at the first failure; earlier statements stay done.
    void run_script(std::string_view script);

    // Another thread may shut it down to end any wait for the server.
    int socket() const;

    st_mysql* get() const { return handle_.get(); }

private:
    struct closer {
        void operator()(st_mysql* handle) const;
    };

    void set_options(const mysql_endpoint& endpoint, std::chrono::seconds silence);

    std::unique_ptr<st_mysql, closer> handle_;
};

}  // namespace userinfo::sql
