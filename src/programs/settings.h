// Everything that an operator can configure. Each default is right for a single machine. It stands once: here, or with
// the concept that it configures.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "attempts/source_limits.h"
#include "attempts/throttle_store.h"
#include "audit/audit_retention.h"
#include "base/log.h"
#include "gateway/forwarded.h"
#include "gateway/product.h"
#include "http/limits.h"
#include "net/address.h"
#include "password/password_policy.h"
#include "password/passwords.h"
#include "session/session.h"
#include "session/session_check.h"

namespace userinfo::programs {

struct settings {
    net::address listen{.host = "127.0.0.1", .port = 8080};
    std::string public_url;  // empty: http:// or https:// and `listen`
    std::filesystem::path data_dir = "data";
    std::size_t threads = 0;  // 0: one per core
    std::chrono::milliseconds shutdown_time{10'000};

    struct {
        std::filesystem::path certificate, key;  // both or neither
        bool is_on() const { return !certificate.empty(); }
    } tls;

    struct {
        net::address listen{.host = "127.0.0.1", .port = 8081};
    } management;

    struct {
        std::vector<std::string> trusted_proxies;
        gateway::forwarded_header forwarded_header = gateway::forwarded_header::x_forwarded_for;
        bool allow_insecure = false;
        bool hsts_subdomains = false;
        bool pages = true;
        http::limits limits;                                // but for connections_per_source
        std::optional<std::size_t> connections_per_source;  // empty: see programs/connection_limits.h
    } http;

    struct {
        std::string path;  // as gateway::parse_pages_path returns it
        gateway::product product;
    } pages;

    struct {
        bool compatible_names = false;
    } cookies;

    struct {
        std::string audience = "userinfo";
        std::chrono::milliseconds access_lifetime = session_settings().access_lifetime;
    } tokens;

    struct {
        std::chrono::milliseconds idle = session_limits().idle;
        std::chrono::milliseconds absolute = session_limits().absolute;
        std::size_t per_account = session_limits().per_account;
        std::chrono::milliseconds recent_log_in = std::chrono::hours(1);
        primary_loss on_primary_loss = primary_loss::serve;
    } sessions;

    struct {
        std::size_t shortest = password_rules().shortest;
        std::size_t memory = argon2_parameters().memory_kib;
        std::size_t iterations = argon2_parameters().iterations;
        std::size_t threads = 0;
        std::size_t queue = password_settings().queue_limit;
        std::chrono::milliseconds log_in_floor{50};
    } passwords;

    struct {
        source_rates sources;
        throttle_rule failures;
    } attempts;

    struct {
        bool reference = false;
    } compatibility;

    struct {
        std::size_t profiles = 100'000;
        std::size_t sessions = 200'000;
    } cache;

    // Database servers, one of them the primary, instead of the embedded database.
    struct {
        std::vector<std::string> hosts;  // host:port, or unix:/path
        std::string database = "userinfo";
        std::string user = "userinfo";
        std::string password;  // from the environment only
        std::filesystem::path password_file, authority;
        std::size_t threads = 16;
        bool require_replica = false;
        bool is_on() const { return !hosts.empty(); }
    } mariadb;

    // The cache shared by services on MariaDB.
    struct {
        std::vector<std::string> nodes;  // host:port of some nodes, to discover the others from
        std::string password;            // from the environment only
        std::filesystem::path password_file;
    } redis;

    struct {
        std::string master;                 // seals all other keys; from the environment only
        std::filesystem::path master_file;  // empty: master.key in data_dir
        // How long a new key is published before it signs: others keep the key set for a while.
        std::chrono::milliseconds lead_time = std::chrono::minutes(20);
    } keys;

    struct {
        std::chrono::milliseconds keep = audit_retention_settings().keep;
        std::chrono::milliseconds keep_addresses = audit_retention_settings().keep_addresses;
    } audit;

    // Between the roles `gateway` and `service`.
    struct {
        std::string listen;  // host:port, or unix:/path; empty: rpc.sock in data_dir
        bool reflection = false;
        std::filesystem::path certificate, key, authority;  // all or none
        bool has_certificate() const { return !certificate.empty(); }
    } rpc;

    struct {
        std::vector<std::string> fixed;   // what a gateway calls if etcd is not used; empty: rpc.sock in data_dir
        std::vector<std::string> etcd;    // host:port, or https://host:port
        std::string prefix = "userinfo";  // of the keys in etcd
        std::string announce;             // empty: rpc.listen
        std::size_t weight = 1;
    } discovery;

    log_settings log;
};

}  // namespace userinfo::programs
