#include "storage/sql/mysql/mysql_database.h"

#include "storage/sql/errors.h"

namespace userinfo::sql {

task<std::optional<error>> mysql_database::run_write(transaction_body& body) {
    return run(mysql_host::access::write, body);
}

task<std::optional<error>> mysql_database::run_read(transaction_body& body) {
    return run(mysql_host::access::read, body);
}

task<std::optional<error>> mysql_database::run_look(transaction_body& body) {
    return run(mysql_host::access::look, body);
}

task<std::optional<error>> mysql_database::run(mysql_host::access access, transaction_body& body) {
    auto* const host = choose_(access);
    if (host == nullptr) co_return storage_unavailable();
    co_return co_await host->run(access, body);
}

}  // namespace userinfo::sql
