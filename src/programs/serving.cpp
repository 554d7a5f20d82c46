#include "programs/serving.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/log.h"
#include "base/unicode.h"
#include "programs/descriptor_limit.h"
#include "programs/load_settings.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

// How often the TLS files are checked.
constexpr std::chrono::seconds certificate_interval{10};

// New connections get the new certificate. A bad one is reported once, until its files change again.
void renew_certificate(net::tls_certificate& certificate, bool at_once) {
    try {
        if (at_once)
            certificate.reload();
        else if (!certificate.reload_if_changed())
            return;
        log_info("loaded the TLS certificate");
    } catch (const std::runtime_error& why) {
        log_error("the new TLS certificate cannot be used, the old one stays",
                  {{"cause", std::string_view(why.what())}});
    }
}

void go_on_in_new_log_file() {
    try {
        reopen_log();
    } catch (const std::runtime_error& why) {
        log_error("cannot reopen the log file; writing to the old one", {{"cause", std::string_view(why.what())}});
    }
}

// Returns the name of the signal.
std::string_view wait_for_the_end(const program_signals& signals,
                                  std::initializer_list<net::tls_certificate*> certificates) {
    for (;;) {
        const auto signal = signals.wait(certificate_interval);
        if (signal == SIGTERM) return "SIGTERM";
        if (signal == SIGINT) return "SIGINT";
        if (signal == SIGHUP) go_on_in_new_log_file();
        for (auto* const certificate : certificates)
            if (certificate != nullptr) renew_certificate(*certificate, signal == SIGHUP);
    }
}

}  // namespace

void open_server_log(const settings& settings) {
    open_log(settings.log);
    for (const auto& name : unknown_variables()) log_warning("not a setting", {{"variable", name}});
}

void use_all_descriptors(const settings& settings) {
    constexpr std::size_t other_files = 64;
    const auto limit = raise_descriptor_limit();
    if (limit >= settings.http.limits.connections + other_files) return;
    // Nobody has asked for the default, so it is no mistake.
    const bool is_default = settings.http.limits.connections == http::limits().connections;
    write_log(is_default ? log_level::info : log_level::warning, nullptr,
              "http.connections exceeds the limit on open files", {{"open_files", static_cast<std::int64_t>(limit)}});
}

net::inherited_sockets inherit_sockets() {
    try {
        return {};
    } catch (const std::runtime_error& why) {
        throw config_error(why.what());
    }
}

net::bound_socket bind(const std::string& key, const net::address& where, net::inherited_sockets& inherited,
                       net::socket_access access) {
    if (auto socket = inherited.take(where)) return std::move(*socket);
    try {
        return {where, access};
    } catch (const std::runtime_error& why) {
        throw config_error(key + ": " + why.what());
    }
}

void require_only(const net::inherited_sockets& inherited, std::initializer_list<net::address> wanted) {
    const auto others = inherited.besides(wanted);
    if (others.empty()) return;
    throw config_error("LISTEN_FDS: the inherited socket " + others.front().to_string() +
                       " is not the address of a setting; set ListenStream of the socket unit and the setting, such as "
                       "listen, to the same address");
}

void announce_ready(std::string_view where) {
    const auto line = fmt::format("userinfo is ready at {}\n", printable(where));
    if (::write(STDOUT_FILENO, line.data(), line.size()) >= 0) return;
    log_warning("cannot tell the starter of this program that it is ready",
                {{"error", std::string_view(std::strerror(errno))}});
}

void serve_until_told_to_stop(const program_signals& signals,
                              std::initializer_list<net::tls_certificate*> certificates) {
    const auto signal = wait_for_the_end(signals, certificates);
    log_info("stopping", {{"signal", signal}});
}

}  // namespace userinfo::programs
