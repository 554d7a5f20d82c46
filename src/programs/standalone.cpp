#include "programs/standalone.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "account/accounts.h"
#include "account/attempts.h"
#include "account/audit_linker.h"
#include "account/session_check.h"
#include "account/sessions.h"
#include "gateway/gateway.h"
#include "gateway/management.h"
#include "http/bound_socket.h"
#include "http/io_threads.h"
#include "http/listener.h"
#include "http/tls_certificate.h"
#include "profile/profiles.h"
#include "programs/account_rules.h"
#include "programs/descriptor_limit.h"
#include "programs/load_settings.h"
#include "programs/master_key_file.h"
#include "programs/program_signals.h"
#include "programs/run_task.h"
#include "programs/server_lock.h"
#include "programs/setting_table.h"
#include "programs/storage_parts.h"
#include "service/housekeeping.h"
#include "service/key_ring.h"
#include "service/userinfo_service.h"
#include "storage/memory/coarse_clock.h"
#include "storage/memory/memory_profile_cache.h"
#include "storage/memory/memory_session_cache.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/sql/sqlite/sqlite_schema.h"

namespace userinfo::programs {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

// The token buckets of so many sources: 4 MB.
constexpr std::size_t remembered_sources = 50'000;

// How often the TLS files are looked at.
constexpr seconds certificate_interval{10};

std::string front_url(const settings& settings, const http::address& bound) {
    return (settings.tls.is_on() ? "https://" : "http://") + bound.to_string();
}

std::string public_url_of(const settings& settings, const http::address& bound) {
    return settings.public_url.empty() ? front_url(settings, bound) : settings.public_url;
}

session_settings session_settings_of(const settings& settings) {
    return {.limits = {.idle = duration_cast<seconds>(settings.sessions.idle),
                       .absolute = duration_cast<seconds>(settings.sessions.absolute),
                       .per_account = settings.sessions.per_account},
            .access_lifetime = duration_cast<seconds>(settings.tokens.access_lifetime)};
}

key_lifetimes key_lifetimes_of(const settings& settings) {
    return {.access = duration_cast<seconds>(settings.tokens.access_lifetime),
            .refresh = duration_cast<seconds>(settings.sessions.absolute)};
}

password_settings password_settings_of(const settings& settings) {
    return {
        .argon2 = argon2_of(settings), .threads = settings.passwords.threads, .queue_limit = settings.passwords.queue};
}

gateway::gateway_settings gateway_settings_of(const settings& settings, const std::string& public_url) {
    return {.public_url = gateway::public_url::parse(public_url),
            .compatible_cookie_names = settings.cookies.compatible_names,
            .trusted_proxies = settings.http.trusted_proxies};
}

http::bound_socket bind(const std::string& key, const http::address& where) {
    try {
        return where;
    } catch (const std::runtime_error& why) {
        throw config_error(key + ": " + why.what());
    }
}

// Null if there is none to be.
std::unique_ptr<http::tls_certificate> load_certificate(const settings& settings) {
    if (!settings.tls.is_on()) return nullptr;
    try {
        return std::make_unique<http::tls_certificate>(
            http::tls_certificate::files{.certificate = settings.tls.certificate, .key = settings.tls.key});
    } catch (const std::runtime_error& why) {
        throw config_error(std::string("tls: ") + why.what());
    }
}

// Taken before anything else is touched: a second server on the same data does not get far.
struct bound_sockets {
    explicit bound_sockets(const settings& settings)
        : front(bind("listen", settings.listen)), back(bind("management.listen", settings.management.listen)) {}

    http::bound_socket front, back;
};

void require(const result<void>& outcome, const std::string& what) {
    if (!outcome) throw std::runtime_error(what + ": " + outcome.error().message);
}

// The parts, in the order in which they are made; they end in the opposite order.
class standalone {
public:
    // `certificate` must outlive it; null: no TLS.
    standalone(const settings& settings, bound_sockets sockets, const http::tls_certificate* certificate)
        : settings_(settings),
          certificate_(certificate),
          front_socket_(std::move(sockets.front)),
          back_socket_(std::move(sockets.back)),
          public_url_(public_url_of(settings, front_socket_.local_address())),
          threads_(settings.threads),
          storage_(settings, clock_, metrics_),
          profile_cache_(settings.cache.profiles, coarse_clock_, metrics_),
          session_cache_(settings.cache.sessions, clock_, metrics_),
          access_tokens_({.issuer = public_url_, .audience = settings.tokens.audience}, access_keys_, clock_),
          key_ring_(
              storage_.keys, load_master_keys(settings, has_keys() ? missing_key::refuse : missing_key::make),
              [&settings] { return load_master_keys(settings, missing_key::refuse); }, clock_,
              key_lifetimes_of(settings), access_keys_, refresh_tokens_, internal_key_),
          revocations_(storage_.sessions, session_cache_, clock_,
                       duration_cast<seconds>(settings.tokens.access_lifetime)),
          audit_chain_(internal_key_),
          audit_alarm_(metrics_),
          audit_linker_(storage_.audit, audit_chain_, audit_alarm_),
          audit_retention_({.keep = settings.audit.keep, .keep_addresses = settings.audit.keep_addresses},
                           storage_.audit, audit_chain_, audit_alarm_, clock_),
          housekeeping_(storage_.sessions, storage_.throttle, audit_retention_, clock_),
          source_limits_(settings.attempts.sources, remembered_sources, coarse_clock_),
          attempts_(settings.attempts.failures, source_limits_, storage_.throttle, internal_key_, clock_, metrics_),
          passwords_(password_settings_of(settings), metrics_),
          sessions_(session_settings_of(settings), storage_.sessions, revocations_, access_tokens_, refresh_tokens_,
                    clock_),
          accounts_(account_settings_of(settings), storage_.accounts, attempts_, passwords_, sessions_, revocations_,
                    clock_),
          session_check_(access_tokens_, revocations_, session_cache_, storage_.sessions, clock_),
          profiles_(storage_.profiles, profile_cache_, clock_),
          service_({.recent_log_in = duration_cast<seconds>(settings.sessions.recent_log_in)}, accounts_, sessions_,
                   session_check_, profiles_, access_keys_, clock_),
          gateway_(gateway_settings_of(settings, public_url_), service_, metrics_),
          management_(metrics_) {
        metrics_.gauge("userinfo_log_lines_lost", "Log lines lost because the output was slower than the program.",
                       [] { return static_cast<double>(lost_log_lines()); });
    }

    // What still runs on the threads uses the parts: it ends first.
    ~standalone() { threads_.stop(); }

    standalone(const standalone&) = delete;
    standalone& operator=(const standalone&) = delete;

    void start() {
        require(run_task(threads_[0], key_ring_.load()), "keys");
        require(run_task(threads_[0], revocations_.load()), "revoked sessions");
        if (settings_.compatibility.reference) announce_relaxed_mode();
        asio::co_spawn(threads_[0], key_ring_.follow(), asio::detached);
        asio::co_spawn(threads_[0], revocations_.follow(), asio::detached);
        asio::co_spawn(threads_[0], audit_linker_.run(), asio::detached);
        asio::co_spawn(threads_[0], housekeeping_.run(), asio::detached);
        back_.emplace(threads_, std::move(back_socket_), management_, settings_.http.limits);
        front_.emplace(threads_, std::move(front_socket_), gateway_, settings_.http.limits, certificate_);
        management_.set_ready(true);
    }

    // Returns how many connections were cut off.
    std::size_t stop() {
        management_.set_ready(false);
        const auto cut_off = front_->drain(settings_.shutdown_time);
        back_->drain(std::chrono::seconds(0));
        const auto linked = run_task(threads_[0], audit_linker_.link_pending());
        if (!linked) log_warning("the last audit events are not linked", {{"error", linked.error().message}});
        return cut_off;
    }

    const std::string& public_url() const { return public_url_; }
    std::string address() const { return front_url(settings_, front_->local_address()); }
    std::string management_address() const { return "http://" + back_->local_address().to_string(); }

private:
    void announce_relaxed_mode() {
        log_warning("compatibility.reference is on: people may register with weak passwords");
        metrics_.gauge("userinfo_relaxed_mode", "1: compatibility.reference is on, weak passwords may be registered.",
                       [] { return 1.0; });
        require(run_task(threads_[0], storage_.accounts.record({.type = audit_type::relaxed_mode,
                                                                .at = clock_.now(),
                                                                .actor = "userinfo",
                                                                .reason = "compatibility.reference"})),
                "audit");
    }

    // Whether keys are stored, which only the master key that sealed them opens.
    bool has_keys() {
        const auto keys = run_task(threads_[0], storage_.keys.list());
        if (!keys) throw std::runtime_error("keys: " + keys.error().message);
        return !keys->empty();
    }

    const settings& settings_;
    const http::tls_certificate* const certificate_;
    system_clock clock_;
    memory::coarse_clock coarse_clock_;
    metrics metrics_;
    http::bound_socket front_socket_, back_socket_;
    const std::string public_url_;
    http::io_threads threads_;  // before all whose own threads hand work back to it
    storage_parts storage_;
    memory::memory_profile_cache profile_cache_;
    memory::memory_session_cache session_cache_;
    access_keys access_keys_;
    refresh_tokens refresh_tokens_;
    internal_key internal_key_;
    access_tokens access_tokens_;
    key_ring key_ring_;
    revocations revocations_;
    audit_chain audit_chain_;
    audit_alarm audit_alarm_;
    audit_linker audit_linker_;
    audit_retention audit_retention_;
    housekeeping housekeeping_;
    memory::memory_source_limits source_limits_;
    attempts attempts_;
    passwords passwords_;
    sessions sessions_;
    accounts accounts_;
    session_check session_check_;
    profiles profiles_;
    userinfo_service service_;
    gateway::gateway gateway_;
    gateway::management management_;
    std::optional<http::listener> back_, front_;
};

// Those that connect later get the new one; a bad one is told of once, until its files change again.
void renew_certificate(http::tls_certificate& certificate, bool at_once) {
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
        log_error("the log goes on in its old file", {{"cause", std::string_view(why.what())}});
    }
}

// Returns the signal that says so.
std::string_view serve_until_told_to_stop(const program_signals& signals, http::tls_certificate* certificate) {
    for (;;) {
        const auto signal = signals.wait(certificate_interval);
        if (signal == SIGTERM) return "SIGTERM";
        if (signal == SIGINT) return "SIGINT";
        if (signal == SIGHUP) go_on_in_new_log_file();
        if (certificate != nullptr) renew_certificate(*certificate, signal == SIGHUP);
    }
}

void use_all_descriptors(const settings& settings) {
    constexpr std::size_t other_files = 64;
    const auto limit = raise_descriptor_limit();
    if (limit < settings.http.limits.connections + other_files)
        log_warning("http.connections is more than this process may have open",
                    {{"open_files", static_cast<std::int64_t>(limit)}});
}

}  // namespace

int run_standalone(const settings& settings) {
    const program_signals signals;  // before any thread is made, so that none of them takes a signal
    open_log(settings.log);
    for (const auto& name : unknown_variables()) log_warning("not a setting", {{"variable", name}});
    const auto certificate = load_certificate(settings);
    bound_sockets sockets(settings);
    const server_lock lock(settings.data_dir);
    sql::migrate_sqlite(database_file(settings), system_clock());
    use_all_descriptors(settings);
    standalone program(settings, std::move(sockets), certificate.get());
    program.start();
    fmt::print("userinfo is ready at {}\n", program.address());
    std::fflush(stdout);
    log_info("started", {{"listen", program.address()},
                         {"public_url", program.public_url()},
                         {"management", program.management_address()}});

    const auto signal = serve_until_told_to_stop(signals, certificate.get());
    log_info("stopping", {{"signal", signal}});
    const auto cut_off = program.stop();
    log_info("stopped", {{"connections_cut_off", static_cast<std::int64_t>(cut_off)}});
    return 0;
}

}  // namespace userinfo::programs
