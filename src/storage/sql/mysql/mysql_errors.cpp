#include "storage/sql/mysql/mysql_errors.h"

#include <errmsg.h>
#include <mysqld_error.h>

namespace userinfo::sql {

namespace {

constexpr unsigned first_client_error = 2000;
constexpr unsigned last_client_error = 2999;
// Only MySQL uses these, so they are not in MariaDB's headers.
constexpr unsigned read_only_mode = 1836;
constexpr unsigned disconnected_when_idle = 4031;

bool is_client_error(unsigned code) { return code >= first_client_error && code <= last_client_error; }

std::string numbered(const mysql_failure& failure) { return "MariaDB error " + std::to_string(failure.code); }

}  // namespace

failure_kind kind_of(const mysql_failure& failure) {
    switch (failure.code) {
        case ER_LOCK_DEADLOCK:
        case ER_LOCK_WAIT_TIMEOUT:
        case ER_CHECKREAD: return failure_kind::conflict;
        case CR_CONNECTION_ERROR:
        case CR_CONN_HOST_ERROR:
        case CR_UNKNOWN_HOST:
        case CR_SERVER_GONE_ERROR:
        case CR_SERVER_LOST:
        case CR_SERVER_LOST_EXTENDED:
        case CR_SSL_CONNECTION_ERROR:
        case ER_CONNECTION_KILLED:
        case ER_SERVER_SHUTDOWN:
        case ER_NORMAL_SHUTDOWN:
        case ER_ABORTING_CONNECTION:
        case ER_NET_READ_ERROR:
        case ER_NET_READ_INTERRUPTED:
        case ER_NET_ERROR_ON_WRITE:
        case ER_NET_WRITE_INTERRUPTED:
        case disconnected_when_idle: return failure_kind::disconnected;
        case ER_OPTION_PREVENTS_STATEMENT:
        case read_only_mode:
        case ER_CON_COUNT_ERROR:
        case ER_TOO_MANY_USER_CONNECTIONS:
        case ER_USER_LIMIT_REACHED:
        case ER_HOST_IS_BLOCKED:
        case ER_QUERY_INTERRUPTED:
        case ER_STATEMENT_TIMEOUT:
        case ER_DISK_FULL:
        case ER_RECORD_FILE_FULL: return failure_kind::unavailable;
        default: return failure_kind::bug;
    }
}

// Parses "Duplicate entry '…' for key 'table__column'". MySQL puts the table and a dot before the key.
std::string violated_constraint(std::string_view message) {
    if (!message.ends_with('\'')) return {};
    message.remove_suffix(1);
    message = message.substr(message.find_last_of("'.") + 1);
    std::string name(message);
    const auto gap = name.find("__");
    if (gap != name.npos) name.replace(gap, 2, ".");
    return name;
}

void throw_statement_failure(const mysql_failure& failure, std::string_view doing) {
    if (failure.code == ER_DUP_ENTRY || failure.code == ER_DUP_ENTRY_WITH_KEY_NAME) {
        throw constraint_violation(violated_constraint(failure.message));
    }
    std::string text = numbered(failure);
    if (is_client_error(failure.code)) text += ": " + std::string(failure.message);
    throw driver_error(text + ", at: " + std::string(doing), kind_of(failure));
}

void throw_connect_failure(const mysql_failure& failure, std::string_view server) {
    throw driver_error("cannot connect to the database at " + std::string(server) + ": " + numbered(failure) + ": " +
                           std::string(failure.message),
                       kind_of(failure) == failure_kind::bug ? failure_kind::unavailable : kind_of(failure));
}

}  // namespace userinfo::sql
