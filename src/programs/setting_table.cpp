#include "programs/setting_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/comma_list.h"
#include "base/unicode.h"
#include "gateway/routes.h"
#include "programs/setting_kinds.h"
#include "programs/setting_values.h"
#include "session/access_lifetime.h"

namespace userinfo::programs {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::size_t most_threads = 1024;
constexpr std::size_t most_attempts = 1'000'000;
constexpr days longest_audit(3650);
constexpr days longest_lead(30);
constexpr std::size_t most_weight = 1000;

constexpr std::array table{
    setting{"listen", "ADDRESS", "127.0.0.1:8080",
            "address for clients: HOST:PORT, or unix:/PATH for a proxy on this machine", false,
            [](settings& to, std::string_view text) { to.listen = net::address::parse(text); }},
    setting{"public_url", "URL", "",
            "URL that clients use; determines cookie names, allowed origins and the tokens' issuer. If not set: "
            "http:// or https:// and listen",
            false, [](settings& to, std::string_view text) { to.public_url = read_public_url(text); }},
    setting{"data_dir", "DIR", "data", "folder of the database and the master key", false,
            [](settings& to, std::string_view text) { to.data_dir = read_text(text); }},
    setting{"threads", "N", "0", "threads that serve connections; 0: one for each core", false,
            [](settings& to, std::string_view text) { to.threads = read_number(text, 0, most_threads); }},
    setting{"shutdown_time", "DURATION", "10s", "how long running requests may take when the program is told to stop",
            false, [](settings& to, std::string_view text) { to.shutdown_time = read_duration(text, 0ms, 10min); }},
    setting{"tls.certificate", "FILE", "", "PEM: the server's certificate and its intermediates; turns on https", false,
            [](settings& to, std::string_view text) { to.tls.certificate = read_text(text); }},
    setting{"tls.key", "FILE", "", "PEM: the private key of tls.certificate; others must not be able to read it", false,
            [](settings& to, std::string_view text) { to.tls.key = read_text(text); }},
    setting{"management.listen", "HOST:PORT", "127.0.0.1:8081", "address of /metrics and /readyz", false,
            [](settings& to, std::string_view text) { to.management.listen = read_tcp_address(text); }},
    setting{"http.trusted_proxies", "LIST", "",
            "addresses and networks of the proxies in front, whose header field with the client's address is believed",
            false, [](settings& to, std::string_view text) { to.http.trusted_proxies = read_proxies(text); }},
    setting{"http.forwarded_header", "WORD", "x-forwarded-for",
            "the header field in which trusted_proxies name the client's address", false,
            [](settings& to, std::string_view text) { to.http.forwarded_header = read_forwarded_header(text); },
            forwarded_headers},
    setting{"http.allow_insecure", "BOOL", "false",
            "serve http to other machines, although everybody on the way can read passwords", false,
            [](settings& to, std::string_view text) { to.http.allow_insecure = read_flag(text); }, flag_words},
    setting{"http.hsts_subdomains", "BOOL", "false",
            "with https: tell browsers to use only https for all subdomains, too (HSTS)", false,
            [](settings& to, std::string_view text) { to.http.hsts_subdomains = read_flag(text); }, flag_words},
    setting{"http.pages", "BOOL", "true", "serve the web pages", false,
            [](settings& to, std::string_view text) { to.http.pages = read_flag(text); }, flag_words},
    setting{"http.connections", "N", "20000", "maximum number of open connections", false,
            [](settings& to, std::string_view text) { to.http.limits.connections = read_number(text, 1, 1'000'000); }},
    setting{
        "http.connections_per_source", "N", "",
        "maximum number of open connections from one address. If not set: a quarter of http.connections", false,
        [](settings& to, std::string_view text) { to.http.connections_per_source = read_number(text, 1, 1'000'000); }},
    setting{"http.body_bytes", "N", "65536", "maximum size of a request's body in bytes", false,
            [](settings& to, std::string_view text) { to.http.limits.body_bytes = read_number(text, 1024, 16 << 20); }},
    setting{
        "http.header_time", "DURATION", "10s", "how long a request's header may take to arrive", false,
        [](settings& to, std::string_view text) { to.http.limits.header_time = read_duration(text, 100ms, 10min); }},
    setting{"http.body_time", "DURATION", "20s", "how long a request's body may take to arrive", false,
            [](settings& to, std::string_view text) { to.http.limits.body_time = read_duration(text, 100ms, 10min); }},
    setting{"http.idle_time", "DURATION", "75s", "how long a connection may stay open between two requests", false,
            [](settings& to, std::string_view text) { to.http.limits.idle_time = read_duration(text, 100ms, 24h); }},
    setting{"pages.path", "PATH", "/", "path below which the pages and their files are served", false,
            [](settings& to, std::string_view text) { to.pages.path = read_pages_path(text); }},
    setting{"pages.product", "TEXT", "", "name of the product, for \"Back to ...\" on the pages", false,
            [](settings& to, std::string_view text) { to.pages.product.name = read_product_name(text); }},
    setting{"pages.home", "PATH", "", "path or URL to which the pages lead after a log-in. If not set: the profile",
            false, [](settings& to, std::string_view text) { to.pages.product.home = read_home(text); }},
    setting{"pages.return_to", "LIST", "", "other origins to which the pages may lead back", false,
            [](settings& to, std::string_view text) { to.pages.product.return_to = read_return_origins(text); }},
    setting{"cookies.compatible_names", "BOOL", "false",
            "use cookie names without the prefix __Host-, although public_url is https", false,
            [](settings& to, std::string_view text) { to.cookies.compatible_names = read_flag(text); }, flag_words},
    setting{"tokens.audience", "TEXT", "userinfo", "the claim `aud` of access tokens", false,
            [](settings& to, std::string_view text) { to.tokens.audience = read_text(text); }},
    setting{"tokens.access_lifetime", "DURATION", "15m", "how long an access token is valid", false,
            [](settings& to, std::string_view text) {
                to.tokens.access_lifetime = read_duration(text, 2s, longest_access_lifetime);
            }},
    setting{"sessions.idle", "DURATION", "14d", "a session ends if it is not refreshed for this long", false,
            [](settings& to, std::string_view text) { to.sessions.idle = read_duration(text, 1s, days(365)); }},
    setting{"sessions.absolute", "DURATION", "30d", "a session ends this long after log-in", false,
            [](settings& to, std::string_view text) { to.sessions.absolute = read_duration(text, 1s, days(365)); }},
    setting{"sessions.per_account", "N", "50",
            "maximum number of sessions of an account; one more ends the one unused for longest", false,
            [](settings& to, std::string_view text) { to.sessions.per_account = read_number(text, 1, 10'000); }},
    setting{
        "sessions.recent_log_in", "DURATION", "1h",
        "how long after a password was entered sensitive requests need no new one", false,
        [](settings& to, std::string_view text) { to.sessions.recent_log_in = read_duration(text, 1s, days(365)); }},
    setting{"sessions.on_primary_loss", "WORD", "serve",
            "what happens to live sessions while the database does not answer", false,
            [](settings& to, std::string_view text) { to.sessions.on_primary_loss = read_primary_loss(text); },
            primary_losses},
    setting{"passwords.shortest", "N", "8", "minimum length of a password in characters", false,
            [](settings& to, std::string_view text) { to.passwords.shortest = read_number(text, 8, 15); }},
    setting{"passwords.memory", "KIB", "19456", "memory that one password hash (Argon2id) takes", false,
            [](settings& to, std::string_view text) { to.passwords.memory = read_number(text, 7168, 4 << 20); }},
    setting{"passwords.iterations", "N", "2", "passes of a password hash (Argon2id) over its memory", false,
            [](settings& to, std::string_view text) { to.passwords.iterations = read_number(text, 1, 100); }},
    setting{"passwords.threads", "N", "0", "threads that hash passwords; 0: one for each core", false,
            [](settings& to, std::string_view text) { to.passwords.threads = read_number(text, 0, most_threads); }},
    setting{"passwords.queue", "N", "256", "maximum number of passwords that wait to be hashed; more get 503", false,
            [](settings& to, std::string_view text) { to.passwords.queue = read_number(text, 1, 100'000); }},
    setting{"passwords.log_in_floor", "DURATION", "50ms",
            "minimum time that a log-in takes, so that it does not tell whether an account exists", false,
            [](settings& to, std::string_view text) { to.passwords.log_in_floor = read_duration(text, 0ms, 10s); }},
    setting{"attempts.checks_per_minute", "N", "30",
            "how many passwords one source (a client's address) may try in a minute, on average", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.checks.per_minute = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.checks_burst", "N", "20",
            "how many passwords one source may try at once, before checks_per_minute holds", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.checks.burst = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.registers_per_minute", "N", "10",
            "how many accounts one source may register in a minute, on average", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.registers.per_minute = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.registers_burst", "N", "10",
            "how many accounts one source may register at once, before registers_per_minute holds", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.registers.burst = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.refreshes_per_session", "N", "300", "how many token refreshes one session may make in a minute",
            false,
            [](settings& to, std::string_view text) { to.attempts.sources.session_refreshes = read_rate(text); }},
    setting{"attempts.refreshes_per_source", "N", "6000", "how many token refreshes one source may make in a minute",
            false, [](settings& to, std::string_view text) { to.attempts.sources.refreshes = read_rate(text); }},
    setting{"attempts.writes_per_session", "N", "600", "how many profile writes one session may make in a minute",
            false, [](settings& to, std::string_view text) { to.attempts.sources.session_writes = read_rate(text); }},
    setting{"attempts.writes_per_source", "N", "12000", "how many profile writes one source may make in a minute",
            false, [](settings& to, std::string_view text) { to.attempts.sources.writes = read_rate(text); }},
    setting{"attempts.forced_reads_per_session", "N", "600",
            "how many profile reads of one session in a minute may bypass the cache (header field Userinfo-Version)",
            false,
            [](settings& to, std::string_view text) { to.attempts.sources.session_forced_reads = read_rate(text); }},
    setting{"attempts.forced_reads_per_source", "N", "12000",
            "how many profile reads of one source in a minute may bypass the cache (header field Userinfo-Version)",
            false, [](settings& to, std::string_view text) { to.attempts.sources.forced_reads = read_rate(text); }},
    setting{"attempts.free_failures", "N", "5", "wrong passwords for one email address before the next try is delayed",
            false,
            [](settings& to,
               std::string_view text) { to.attempts.failures.free_failures = read_number(text, 1, most_attempts); }},
    setting{"compatibility.reference", "BOOL", "false",
            "accept any identifier and weak passwords, as the system that userinfo replaces did", false,
            [](settings& to, std::string_view text) { to.compatibility.reference = read_flag(text); }, flag_words},
    setting{"cache.profiles", "N", "100000", "maximum number of profiles in memory", false,
            [](settings& to, std::string_view text) { to.cache.profiles = read_number(text, 1, 100'000'000); }},
    setting{"cache.sessions", "N", "200000", "maximum number of sessions in memory", false,
            [](settings& to, std::string_view text) { to.cache.sessions = read_number(text, 1, 100'000'000); }},
    setting{"mariadb.hosts", "LIST", "",
            "service: the MariaDB servers, each HOST:PORT or unix:/PATH. If not set: the embedded database", false,
            [](settings& to, std::string_view text) { to.mariadb.hosts = read_database_hosts(text); }},
    setting{"mariadb.database", "NAME", "userinfo", "service: name of the database on these servers", false,
            [](settings& to, std::string_view text) { to.mariadb.database = read_text(text); }},
    setting{"mariadb.user", "NAME", "userinfo", "service: name of the database user that the program logs in as", false,
            [](settings& to, std::string_view text) { to.mariadb.user = read_text(text); }},
    setting{"mariadb.password", "TEXT", "", "service: password of mariadb.user", true,
            [](settings& to, std::string_view text) { to.mariadb.password = read_text(text); }},
    setting{"mariadb.password_file", "FILE", "", "service: file with the password of mariadb.user", false,
            [](settings& to, std::string_view text) { to.mariadb.password_file = read_text(text); }},
    setting{"mariadb.authority", "FILE", "",
            "service: PEM: the authority (CA) that signed the certificates of the MariaDB servers", false,
            [](settings& to, std::string_view text) { to.mariadb.authority = read_text(text); }},
    setting{"mariadb.threads", "N", "16", "service: maximum number of transactions at a time on each server", false,
            [](settings& to, std::string_view text) { to.mariadb.threads = read_number(text, 1, most_threads); }},
    setting{"mariadb.require_replica", "BOOL", "false", "service: refuse writes while no replica confirms them", false,
            [](settings& to, std::string_view text) { to.mariadb.require_replica = read_flag(text); }, flag_words},
    setting{"redis.nodes", "LIST", "", "service: some nodes of the Redis Cluster, each HOST:PORT; it finds the others",
            false, [](settings& to, std::string_view text) { to.redis.nodes = read_nodes(text); }},
    setting{"redis.password", "TEXT", "", "service: password of the default user of Redis", true,
            [](settings& to, std::string_view text) { to.redis.password = read_text(text); }},
    setting{"redis.password_file", "FILE", "", "service: file with the password of the default user of Redis", false,
            [](settings& to, std::string_view text) { to.redis.password_file = read_text(text); }},
    setting{"keys.master_file", "FILE", "",
            "file with the master key, which encrypts all other keys; the first start makes it. If not set: master.key "
            "in data_dir",
            false, [](settings& to, std::string_view text) { to.keys.master_file = read_text(text); }},
    setting{"keys.master", "TEXT", "",
            "the master key instead of its file: 32 bytes in base64url; of several, the first encrypts and all decrypt",
            true, [](settings& to, std::string_view text) { to.keys.master = read_text(text); }},
    setting{
        "keys.lead_time", "DURATION", "20m", "how long a new key is published in the key set before it signs", false,
        [](settings& to, std::string_view text) {
            to.keys.lead_time = read_duration(text, gateway::key_set_kept, longest_lead);
        }},
    setting{"audit.keep", "DURATION", "400d", "how long audit events are kept", false,
            [](settings& to, std::string_view text) { to.audit.keep = read_duration(text, 1s, longest_audit); }},
    setting{
        "audit.keep_addresses", "DURATION", "90d", "how long audit events keep the client's address and user agent",
        false,
        [](settings& to, std::string_view text) { to.audit.keep_addresses = read_duration(text, 1s, longest_audit); }},
    setting{"rpc.listen", "ADDRESS", "",
            "service: address for gateways: unix:/PATH or HOST:PORT. If not set: rpc.sock in data_dir", false,
            [](settings& to, std::string_view text) { to.rpc.listen = read_rpc_address(text); }},
    setting{"rpc.reflection", "BOOL", "false",
            "service: let tools such as grpcurl list the methods (gRPC server reflection)", false,
            [](settings& to, std::string_view text) { to.rpc.reflection = read_flag(text); }, flag_words},
    setting{"rpc.certificate", "FILE", "",
            "gateway and service: PEM: this program's own certificate, for mutual TLS between gateways and services",
            false, [](settings& to, std::string_view text) { to.rpc.certificate = read_text(text); }},
    setting{"rpc.key", "FILE", "", "gateway and service: PEM: the private key of rpc.certificate", false,
            [](settings& to, std::string_view text) { to.rpc.key = read_text(text); }},
    setting{"rpc.authority", "FILE", "",
            "gateway and service: PEM: the authority (CA) that signed the certificates of gateways and services", false,
            [](settings& to, std::string_view text) { to.rpc.authority = read_text(text); }},
    setting{"discovery.fixed", "LIST", "",
            "gateway: addresses of the services, each unix:/PATH or HOST:PORT. If not set: rpc.sock in data_dir", false,
            [](settings& to, std::string_view text) { to.discovery.fixed = read_targets(text); }},
    setting{"discovery.etcd", "LIST", "",
            "gateway and service: the etcd members where services register, each HOST:PORT or https://HOST:PORT", false,
            [](settings& to, std::string_view text) { to.discovery.etcd = read_etcd_members(text); }},
    setting{"discovery.prefix", "NAME", "userinfo", "gateway and service: beginning of the names of the keys in etcd",
            false, [](settings& to, std::string_view text) { to.discovery.prefix = read_text(text); }},
    setting{"discovery.announce", "ADDRESS", "",
            "service: address that it registers in etcd for gateways: HOST:PORT or unix:/PATH. If not set: rpc.listen",
            false, [](settings& to, std::string_view text) { to.discovery.announce = read_target(text); }},
    setting{"discovery.weight", "N", "1",
            "service: its share of the calls; one with 2 gets twice as many as one with 1", false,
            [](settings& to, std::string_view text) { to.discovery.weight = read_number(text, 1, most_weight); }},
    setting{"log.level", "LEVEL", "info", "least important lines that the log has", false,
            [](settings& to, std::string_view text) { to.log.level = read_level(text); }, log_levels},
    setting{"log.format", "FORMAT", "automatic", "format of the log; automatic: plain on a terminal, json elsewhere",
            false, [](settings& to, std::string_view text) { to.log.format = read_format(text); }, log_formats},
    setting{"log.file", "FILE", "", "file of the log. If not set: standard error", false,
            [](settings& to, std::string_view text) { to.log.file = read_text(text); }},
};

}  // namespace

config_error::config_error(const std::string& message) : std::runtime_error(printable(message)) {}

std::string setting::environment_name() const {
    std::string name = "USERINFO_";
    for (const char c : key) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

std::string setting::option_name() const {
    std::string name = "--" + std::string(key);
    std::ranges::replace(name, '.', '-');
    std::ranges::replace(name, '_', '-');
    return name;
}

std::vector<std::string> setting::choices() const {
    std::vector<std::string> words;
    if (!one_of.empty()) {
        for (const auto word : comma_list(one_of)) words.emplace_back(word);
    }
    return words;
}

std::span<const setting> setting_table() { return table; }

const setting* find_setting(std::string_view key) {
    const auto found = std::ranges::find(table, key, &setting::key);
    return found == table.end() ? nullptr : found;
}

}  // namespace userinfo::programs
