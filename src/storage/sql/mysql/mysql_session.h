// A connection to a MariaDB server as the client library has it: made, checked, closed.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "storage/sql/mysql/mysql_endpoint.h"

struct st_mysql;

namespace userinfo::sql {

// For one thread at a time.
class mysql_session {
public:
    // `silence`: for how long the server may say nothing before it is taken for dead, in whole seconds; 0 is for ever.
    // Throws std::runtime_error if the endpoint asks for what is not safe, and driver_error.
    mysql_session(const mysql_endpoint& endpoint, std::chrono::seconds silence);

    // The text of one statement, without values or an answer. Throws driver_error.
    void run(const char* sql);

    // Several statements. Throws driver_error at the first that fails; those before it are done.
    void run_script(std::string_view script);

    // To be shut down by another thread, which ends whatever waits for the server.
    int socket() const;

    st_mysql* handle() const { return handle_.get(); }

private:
    struct closer {
        void operator()(st_mysql* handle) const;
    };

    void set_options(const mysql_endpoint& endpoint, std::chrono::seconds silence);

    std::unique_ptr<st_mysql, closer> handle_;
};

}  // namespace userinfo::sql
