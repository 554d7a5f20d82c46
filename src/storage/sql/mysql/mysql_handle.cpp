#include "storage/sql/mysql/mysql_handle.h"

#include <new>
#include <stdexcept>
#include <string>

#include <mysql.h>

#include "base/tcp_keepalive.h"
#include "storage/sql/mysql/mysql_errors.h"

namespace userinfo::sql {

namespace {

constexpr unsigned connect_seconds = 2;

bool is_on_this_machine(const mysql_endpoint& endpoint) {
    const auto& host = endpoint.host;
    return !endpoint.socket.empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string name_of(const mysql_endpoint& endpoint) {
    return endpoint.socket.empty() ? endpoint.host + ":" + std::to_string(endpoint.port) : endpoint.socket;
}

// Initializes the library once, before several threads use it.
MYSQL* new_handle() {
    static const int failed = mysql_library_init(0, nullptr, nullptr);
    auto* handle = failed == 0 ? mysql_init(nullptr) : nullptr;
    if (handle == nullptr) throw std::bad_alloc();
    return handle;
}

mysql_failure last_failure(MYSQL* handle) { return {.code = mysql_errno(handle), .message = mysql_error(handle)}; }

template <class Value>
void set_option(MYSQL* handle, mysql_option option, const Value* value) {
    if (mysql_optionsv(handle, option, value) != 0) throw std::runtime_error("libmariadb refuses an option");
}

}  // namespace

void mysql_handle::closer::operator()(st_mysql* handle) const { mysql_close(handle); }

mysql_handle::mysql_handle(const mysql_endpoint& endpoint, std::chrono::seconds silence) : handle_(new_handle()) {
    if (endpoint.tls_ca.empty() && !is_on_this_machine(endpoint)) {
        throw std::runtime_error("the database at " + name_of(endpoint) + " is not on this machine: it needs TLS");
    }
    set_options(endpoint, silence);
    const auto* const host = endpoint.socket.empty() ? endpoint.host.c_str() : nullptr;
    const auto* const socket = endpoint.socket.empty() ? nullptr : endpoint.socket.c_str();
    if (mysql_real_connect(get(), host, endpoint.user.c_str(), endpoint.password.c_str(), endpoint.database.c_str(),
                           endpoint.port, socket, CLIENT_FOUND_ROWS) == nullptr) {
        throw_connect_failure(last_failure(get()), name_of(endpoint));
    }
    // Even a connection that may wait forever ends 11 s after the server's machine has gone.
    keep_alive(this->socket(), {.idle = std::chrono::seconds(5), .interval = std::chrono::seconds(2)});
    // A second check of what the options require: send nothing to a server that has not authenticated itself.
    if (!endpoint.tls_ca.empty() && mysql_get_ssl_cipher(get()) == nullptr) {
        throw std::runtime_error("the database at " + name_of(endpoint) + " does not speak TLS");
    }
}

void mysql_handle::set_options(const mysql_endpoint& endpoint, std::chrono::seconds silence) {
    const unsigned protocol = endpoint.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
    const auto silent_seconds = static_cast<unsigned>(silence.count());
    const unsigned no_local_files = 0;
    // A new connection would run the rest of a transaction without its beginning, each statement committed by itself.
    const my_bool no_reconnect = 0;
    set_option(get(), MYSQL_OPT_PROTOCOL, &protocol);
    set_option(get(), MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
    set_option(get(), MYSQL_OPT_READ_TIMEOUT, &silent_seconds);
    set_option(get(), MYSQL_OPT_WRITE_TIMEOUT, &silent_seconds);
    set_option(get(), MYSQL_OPT_LOCAL_INFILE, &no_local_files);
    set_option(get(), MYSQL_OPT_RECONNECT, &no_reconnect);
    set_option(get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (endpoint.tls_ca.empty()) return;
    const my_bool yes = 1;
    set_option(get(), MYSQL_OPT_SSL_CA, endpoint.tls_ca.c_str());
    set_option(get(), MYSQL_OPT_SSL_ENFORCE, &yes);
    set_option(get(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    set_option(get(), MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
}

void mysql_handle::run(const char* sql) {
    if (mysql_query(get(), sql) != 0) throw_statement_failure(last_failure(get()), sql);
}

void mysql_handle::run_script(std::string_view script) {
    mysql_set_server_option(get(), MYSQL_OPTION_MULTI_STATEMENTS_ON);
    int status = mysql_real_query(get(), script.data(), script.size());
    while (status == 0) {
        if (auto* answer = mysql_use_result(get())) mysql_free_result(answer);
        status = mysql_next_result(get());
    }
    const auto failure = last_failure(get());
    if (failure.code != 0) throw_statement_failure(failure, "a script");
    mysql_set_server_option(get(), MYSQL_OPTION_MULTI_STATEMENTS_OFF);
}

int mysql_handle::socket() const { return mysql_get_socket(get()); }

}  // namespace userinfo::sql
