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
    setting{"listen", "ADDRESS", "where clients connect, HOST:PORT, or a proxy: unix:/PATH", false,
            [](settings& to, std::string_view text) { to.listen = net::address::parse(text); }},
    setting{"public_url", "URL", "how clients find this service; decides cookies, origins and the tokens' issuer",
            false, [](settings& to, std::string_view text) { to.public_url = read_public_url(text); }},
    setting{"data_dir", "DIR", "where the database and the master key are kept", false,
            [](settings& to, std::string_view text) { to.data_dir = read_text(text); }},
    setting{"threads", "N", "threads that serve connections; 0: one a core", false,
            [](settings& to, std::string_view text) { to.threads = read_number(text, 0, most_threads); }},
    setting{"shutdown_time", "DURATION", "for requests that run when the program is told to stop", false,
            [](settings& to, std::string_view text) { to.shutdown_time = read_duration(text, 0ms, 10min); }},
    setting{"tls.certificate", "FILE",
            "PEM: the server's certificate and those that lead to its authority; makes it https", false,
            [](settings& to, std::string_view text) { to.tls.certificate = read_text(text); }},
    setting{"tls.key", "FILE", "PEM: the certificate's private key, which others must not be able to read", false,
            [](settings& to, std::string_view text) { to.tls.key = read_text(text); }},
    setting{"management.listen", "HOST:PORT", "where /metrics and /readyz are", false,
            [](settings& to, std::string_view text) { to.management.listen = read_tcp_address(text); }},
    setting{"http.trusted_proxies", "LIST", "addresses and networks of proxies that are believed who their client is",
            false, [](settings& to, std::string_view text) { to.http.trusted_proxies = read_proxies(text); }},
    setting{"http.forwarded_header", "WORD", "where these proxies say it: x-forwarded-for or forwarded", false,
            [](settings& to, std::string_view text) { to.http.forwarded_header = read_forwarded_header(text); },
            forwarded_headers},
    setting{"http.allow_insecure", "BOOL", "serve http beyond this machine, where anybody on the way can read along",
            false, [](settings& to, std::string_view text) { to.http.allow_insecure = read_flag(text); }, flag_words},
    setting{"http.hsts_subdomains", "BOOL", "with https: browsers use it for all subdomains, too (HSTS)", false,
            [](settings& to, std::string_view text) { to.http.hsts_subdomains = read_flag(text); }, flag_words},
    setting{"http.pages", "BOOL", "serve the web pages, too", false,
            [](settings& to, std::string_view text) { to.http.pages = read_flag(text); }, flag_words},
    setting{"http.connections", "N", "open connections at most", false,
            [](settings& to, std::string_view text) { to.http.limits.connections = read_number(text, 1, 1'000'000); }},
    setting{
        "http.connections_per_source", "N", "open connections of one address at most; default: a quarter of these",
        false,
        [](settings& to, std::string_view text) { to.http.connections_per_source = read_number(text, 1, 1'000'000); }},
    setting{"http.body_bytes", "N", "size of a request's body at most", false,
            [](settings& to, std::string_view text) { to.http.limits.body_bytes = read_number(text, 1024, 16 << 20); }},
    setting{
        "http.header_time", "DURATION", "for a request's header to arrive", false,
        [](settings& to, std::string_view text) { to.http.limits.header_time = read_duration(text, 100ms, 10min); }},
    setting{"http.body_time", "DURATION", "for a request's body to arrive", false,
            [](settings& to, std::string_view text) { to.http.limits.body_time = read_duration(text, 100ms, 10min); }},
    setting{"http.idle_time", "DURATION", "between two requests of a connection", false,
            [](settings& to, std::string_view text) { to.http.limits.idle_time = read_duration(text, 100ms, 24h); }},
    setting{"pages.path", "PATH", "below which the pages and their files are", false,
            [](settings& to, std::string_view text) { to.pages.path = read_pages_path(text); }},
    setting{"pages.product", "TEXT", "the product's name, for \"Back to ...\" on the pages", false,
            [](settings& to, std::string_view text) { to.pages.product.name = read_product_name(text); }},
    setting{"pages.home", "PATH", "where the pages lead after a log-in, a path or a URL; default: the profile", false,
            [](settings& to, std::string_view text) { to.pages.product.home = read_home(text); }},
    setting{"pages.return_to", "LIST", "origins beside their own that the pages may lead back to", false,
            [](settings& to, std::string_view text) { to.pages.product.return_to = read_return_origins(text); }},
    setting{"cookies.compatible_names", "BOOL", "plain cookie names although the public URL is https", false,
            [](settings& to, std::string_view text) { to.cookies.compatible_names = read_flag(text); }, flag_words},
    setting{"tokens.audience", "TEXT", "the `aud` of access tokens", false,
            [](settings& to, std::string_view text) { to.tokens.audience = read_text(text); }},
    setting{"tokens.access_lifetime", "DURATION", "how long an access token is good", false,
            [](settings& to, std::string_view text) {
                to.tokens.access_lifetime = read_duration(text, 2s, longest_access_lifetime);
            }},
    setting{"sessions.idle", "DURATION", "a session ends if it is not used for so long", false,
            [](settings& to, std::string_view text) { to.sessions.idle = read_duration(text, 1s, days(365)); }},
    setting{"sessions.absolute", "DURATION", "a session ends so long after log-in", false,
            [](settings& to, std::string_view text) { to.sessions.absolute = read_duration(text, 1s, days(365)); }},
    setting{"sessions.per_account", "N", "sessions of an account at most; one more ends the one unused for longest",
            false, [](settings& to, std::string_view text) { to.sessions.per_account = read_number(text, 1, 10'000); }},
    setting{
        "sessions.recent_log_in", "DURATION", "what is sensitive asks for a password given no longer ago", false,
        [](settings& to, std::string_view text) { to.sessions.recent_log_in = read_duration(text, 1s, days(365)); }},
    setting{"sessions.on_primary_loss", "WORD", "while the database does not answer: serve or refuse live sessions",
            false, [](settings& to, std::string_view text) { to.sessions.on_primary_loss = read_primary_loss(text); },
            primary_losses},
    setting{"passwords.shortest", "N", "characters of a password at least", false,
            [](settings& to, std::string_view text) { to.passwords.shortest = read_number(text, 8, 15); }},
    setting{"passwords.memory", "KIB", "Argon2id: memory of one hash", false,
            [](settings& to, std::string_view text) { to.passwords.memory = read_number(text, 7168, 4 << 20); }},
    setting{"passwords.iterations", "N", "Argon2id: passes over it", false,
            [](settings& to, std::string_view text) { to.passwords.iterations = read_number(text, 1, 100); }},
    setting{"passwords.threads", "N", "threads that hash; 0: one a core", false,
            [](settings& to, std::string_view text) { to.passwords.threads = read_number(text, 0, most_threads); }},
    setting{"passwords.queue", "N", "passwords that wait to be hashed at most; more are refused with 503", false,
            [](settings& to, std::string_view text) { to.passwords.queue = read_number(text, 1, 100'000); }},
    setting{"passwords.log_in_floor", "DURATION", "no log-in is answered sooner", false,
            [](settings& to, std::string_view text) { to.passwords.log_in_floor = read_duration(text, 0ms, 10s); }},
    setting{"attempts.checks_per_minute", "N", "passwords that one source may try", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.checks.per_minute = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.checks_burst", "N", "of them, at once", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.checks.burst = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.registers_per_minute", "N", "accounts that one source may register", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.registers.per_minute = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.registers_burst", "N", "of them, at once", false,
            [](settings& to, std::string_view text) {
                to.attempts.sources.registers.burst = read_number(text, 1, most_attempts);
            }},
    setting{"attempts.refreshes_per_session", "N", "refreshes of one session in a minute, and at once", false,
            [](settings& to, std::string_view text) { to.attempts.sources.session_refreshes = read_rate(text); }},
    setting{"attempts.refreshes_per_source", "N", "refreshes of one source in a minute, and at once", false,
            [](settings& to, std::string_view text) { to.attempts.sources.refreshes = read_rate(text); }},
    setting{"attempts.writes_per_session", "N", "profile writes of one session in a minute, and at once", false,
            [](settings& to, std::string_view text) { to.attempts.sources.session_writes = read_rate(text); }},
    setting{"attempts.writes_per_source", "N", "profile writes of one source in a minute, and at once", false,
            [](settings& to, std::string_view text) { to.attempts.sources.writes = read_rate(text); }},
    setting{"attempts.forced_reads_per_session", "N",
            "reads of one session in a minute, and at once, that Userinfo-Version sends past the cache", false,
            [](settings& to, std::string_view text) { to.attempts.sources.session_forced_reads = read_rate(text); }},
    setting{"attempts.forced_reads_per_source", "N",
            "reads of one source in a minute, and at once, that Userinfo-Version sends past the cache", false,
            [](settings& to, std::string_view text) { to.attempts.sources.forced_reads = read_rate(text); }},
    setting{"attempts.free_failures", "N", "wrong passwords for one email before the next try has to wait", false,
            [](settings& to, std::string_view text) {
                to.attempts.failures.free_failures = read_number(text, 1, most_attempts);
            }},
    setting{"compatibility.reference", "BOOL",
            "register any identifier and weak passwords, as the reference system does", false,
            [](settings& to, std::string_view text) { to.compatibility.reference = read_flag(text); }, flag_words},
    setting{"cache.profiles", "N", "profiles kept in memory at most", false,
            [](settings& to, std::string_view text) { to.cache.profiles = read_number(text, 1, 100'000'000); }},
    setting{"cache.sessions", "N", "sessions kept in memory at most", false,
            [](settings& to, std::string_view text) { to.cache.sessions = read_number(text, 1, 100'000'000); }},
    setting{"mariadb.hosts", "LIST", "service: MariaDB's servers, each HOST:PORT or unix:/PATH", false,
            [](settings& to, std::string_view text) { to.mariadb.hosts = read_database_hosts(text); }},
    setting{"mariadb.database", "NAME", "service: the name of the database there", false,
            [](settings& to, std::string_view text) { to.mariadb.database = read_text(text); }},
    setting{"mariadb.user", "NAME", "service: as whom to use it", false,
            [](settings& to, std::string_view text) { to.mariadb.user = read_text(text); }},
    setting{"mariadb.password", "TEXT", "service: that user's password", true,
            [](settings& to, std::string_view text) { to.mariadb.password = read_text(text); }},
    setting{"mariadb.password_file", "FILE", "service: holds that user's password", false,
            [](settings& to, std::string_view text) { to.mariadb.password_file = read_text(text); }},
    setting{"mariadb.authority", "FILE", "service: PEM, who signs the servers' certificates", false,
            [](settings& to, std::string_view text) { to.mariadb.authority = read_text(text); }},
    setting{"mariadb.threads", "N", "service: transactions at a time on each server", false,
            [](settings& to, std::string_view text) { to.mariadb.threads = read_number(text, 1, most_threads); }},
    setting{"mariadb.require_replica", "BOOL", "service: take no writes that no replica confirms", false,
            [](settings& to, std::string_view text) { to.mariadb.require_replica = read_flag(text); }, flag_words},
    setting{"redis.nodes", "LIST", "service: some nodes of the Redis Cluster, each HOST:PORT", false,
            [](settings& to, std::string_view text) { to.redis.nodes = read_nodes(text); }},
    setting{"redis.password", "TEXT", "service: the password of its default user", true,
            [](settings& to, std::string_view text) { to.redis.password = read_text(text); }},
    setting{"redis.password_file", "FILE", "service: holds that password", false,
            [](settings& to, std::string_view text) { to.redis.password_file = read_text(text); }},
    setting{"keys.master_file", "FILE", "holds the key that seals all others; made if it is not there", false,
            [](settings& to, std::string_view text) { to.keys.master_file = read_text(text); }},
    setting{"keys.master", "TEXT", "the key itself: 32 bytes in base64url; of several the first seals, all open", true,
            [](settings& to, std::string_view text) { to.keys.master = read_text(text); }},
    setting{"keys.lead_time", "DURATION", "how long a new key is in the key set before it signs", false,
            [](settings& to, std::string_view text) {
                to.keys.lead_time = read_duration(text, gateway::key_set_kept, longest_lead);
            }},
    setting{"audit.keep", "DURATION", "how long audit events are kept", false,
            [](settings& to, std::string_view text) { to.audit.keep = read_duration(text, 1s, longest_audit); }},
    setting{
        "audit.keep_addresses", "DURATION", "how long audit events keep address and user agent", false,
        [](settings& to, std::string_view text) { to.audit.keep_addresses = read_duration(text, 1s, longest_audit); }},
    setting{"rpc.listen", "ADDRESS", "service: where gateways connect, unix:/PATH or HOST:PORT", false,
            [](settings& to, std::string_view text) { to.rpc.listen = read_rpc_address(text); }},
    setting{"rpc.reflection", "BOOL", "service: tell whoever connects what can be called", false,
            [](settings& to, std::string_view text) { to.rpc.reflection = read_flag(text); }, flag_words},
    setting{"rpc.certificate", "FILE", "gateway and service: PEM, who this side is to the other", false,
            [](settings& to, std::string_view text) { to.rpc.certificate = read_text(text); }},
    setting{"rpc.key", "FILE", "gateway and service: PEM, the certificate's private key", false,
            [](settings& to, std::string_view text) { to.rpc.key = read_text(text); }},
    setting{"rpc.authority", "FILE", "gateway and service: PEM, who signs the certificates of both sides", false,
            [](settings& to, std::string_view text) { to.rpc.authority = read_text(text); }},
    setting{"discovery.fixed", "LIST", "gateway: where the services are, each unix:/PATH or HOST:PORT", false,
            [](settings& to, std::string_view text) { to.discovery.fixed = read_targets(text); }},
    setting{"discovery.etcd", "LIST", "gateway and service: etcd's members, each HOST:PORT or https://HOST:PORT", false,
            [](settings& to, std::string_view text) { to.discovery.etcd = read_etcd_members(text); }},
    setting{"discovery.prefix", "NAME", "gateway and service: of the keys in etcd", false,
            [](settings& to, std::string_view text) { to.discovery.prefix = read_text(text); }},
    setting{"discovery.announce", "ADDRESS", "service: where gateways reach it, HOST:PORT or unix:/PATH", false,
            [](settings& to, std::string_view text) { to.discovery.announce = read_target(text); }},
    setting{"discovery.weight", "N", "service: its share of the calls", false,
            [](settings& to, std::string_view text) { to.discovery.weight = read_number(text, 1, most_weight); }},
    setting{"log.level", "LEVEL", "debug, info, warning, error or off", false,
            [](settings& to, std::string_view text) { to.log.level = read_level(text); }, log_levels},
    setting{"log.format", "FORMAT", "json, plain, or automatic: plain on a terminal", false,
            [](settings& to, std::string_view text) { to.log.format = read_format(text); }, log_formats},
    setting{"log.file", "FILE", "where the log goes; standard error if not set", false,
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
