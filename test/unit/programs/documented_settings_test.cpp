// The files of config/ are the reference of all settings: a file for each role, each setting with its default, and each
// in at least one of them.
#include <array>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "programs/connection_limits.h"
#include "programs/load_settings.h"
#include "support/project_file.h"
#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

constexpr std::array file_names{"config/standalone.yaml", "config/gateway.yaml", "config/service.yaml"};

// Their default is that they are not set; the file shows what then holds.
const std::set<std::string> without_default{"public_url",
                                            "tls.certificate",
                                            "tls.key",
                                            "http.connections_per_source",
                                            "keys.master_file",
                                            "rpc.certificate",
                                            "rpc.key",
                                            "rpc.authority",
                                            "log.file",
                                            "mariadb.password_file",
                                            "mariadb.authority",
                                            "redis.password_file",
                                            "rpc.listen",
                                            "discovery.fixed",
                                            "discovery.announce",
                                            "pages.product",
                                            "pages.home"};

// All that can be set, as text.
std::string snapshot(const settings& s) {
    std::ostringstream text;
    text << s.listen.to_string() << '\n'
         << s.public_url << '\n'
         << s.data_dir.string() << '\n'
         << s.threads << '\n'
         << s.shutdown_time.count() << '\n'
         << s.tls.certificate.string() << '\n'
         << s.tls.key.string() << '\n'
         << s.management.listen.to_string() << '\n';
    text << s.rpc.listen << '\n'
         << s.rpc.reflection << '\n'
         << s.rpc.certificate.string() << '\n'
         << s.rpc.key.string() << '\n'
         << s.rpc.authority.string() << '\n';
    for (const auto& host : s.mariadb.hosts) text << host << ' ';
    for (const auto& node : s.redis.nodes) text << node << ' ';
    text << static_cast<int>(s.sessions.on_primary_loss) << '\n'
         << s.mariadb.database << '\n'
         << s.mariadb.user << '\n'
         << s.mariadb.password << '\n'
         << s.mariadb.password_file.string() << '\n'
         << s.mariadb.authority.string() << '\n'
         << s.mariadb.threads << '\n'
         << s.mariadb.require_replica << '\n'
         << s.redis.password << '\n'
         << s.redis.password_file.string() << '\n';
    for (const auto& member : s.discovery.etcd) text << member << ' ';
    text << s.discovery.prefix << '\n' << s.discovery.announce << '\n' << s.discovery.weight << '\n';
    for (const auto& target : s.discovery.fixed) text << target << ' ';
    for (const auto& proxy : s.http.trusted_proxies) text << proxy << ' ';
    for (const auto& origin : s.pages.product.return_to) text << origin << ' ';
    text << s.pages.path << '\n' << s.pages.product.name << '\n' << s.pages.product.home << '\n';
    text << static_cast<int>(s.http.forwarded_header) << '\n'
         << s.http.allow_insecure << '\n'
         << s.http.hsts_subdomains << '\n'
         << s.http.pages << '\n'
         << s.http.limits.connections << '\n'
         << s.http.connections_per_source.value_or(0) << '\n'
         << s.http.limits.body_bytes << '\n'
         << s.http.limits.header_time.count() << '\n'
         << s.http.limits.body_time.count() << '\n'
         << s.http.limits.idle_time.count() << '\n'
         << s.cookies.compatible_names << '\n'
         << s.tokens.audience << '\n'
         << s.tokens.access_lifetime.count() << '\n'
         << s.sessions.idle.count() << '\n'
         << s.sessions.absolute.count() << '\n'
         << s.sessions.per_account << '\n'
         << s.sessions.recent_log_in.count() << '\n'
         << s.attempts.sources.checks.per_minute << '\n'
         << s.attempts.sources.checks.burst << '\n'
         << s.attempts.sources.registers.per_minute << '\n'
         << s.attempts.sources.registers.burst << '\n'
         << s.attempts.sources.session_refreshes.per_minute << '\n'
         << s.attempts.sources.refreshes.per_minute << '\n'
         << s.attempts.sources.session_writes.per_minute << '\n'
         << s.attempts.sources.writes.per_minute << '\n'
         << s.attempts.sources.session_forced_reads.per_minute << '\n'
         << s.attempts.sources.forced_reads.per_minute << '\n'
         << s.attempts.failures.free_failures << '\n'
         << s.compatibility.reference << '\n'
         << s.passwords.shortest << '\n'
         << s.passwords.memory << '\n'
         << s.passwords.iterations << '\n'
         << s.passwords.threads << '\n'
         << s.passwords.queue << '\n'
         << s.passwords.log_in_floor.count() << '\n'
         << s.cache.profiles << '\n'
         << s.cache.sessions << '\n'
         << s.keys.master << '\n'
         << s.keys.master_file.string() << '\n'
         << s.keys.lead_time.count() << '\n'
         << s.audit.keep.count() << '\n'
         << s.audit.keep_addresses.count() << '\n'
         << static_cast<int>(s.log.level) << '\n'
         << static_cast<int>(s.log.format) << '\n'
         << s.log.file << '\n';
    return text.str();
}

struct shown_setting {
    std::string value;
    std::string comment;  // what stands above it
};

using shown_settings = std::map<std::string, shown_setting>;

// The settings that a file names, commented out or not, by their keys. Comments begin with "# ", settings with "#".
shown_settings shown_in(const char* file) {
    shown_settings found;
    std::istringstream lines(userinfo::test::read_project_file(file));
    const std::regex setting("^( *)#?([a-z_]+):(?: (.*))?$");
    std::string section, comment;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (!std::regex_match(line, match, setting)) {
            comment = line.empty() ? "" : comment + line + '\n';
            continue;
        }
        if (match[1].length() == 0) section = match[3].matched ? "" : match[2].str() + '.';
        if (match[3].matched) {
            const auto key = section + match[2].str();
            const bool is_new = found.emplace(key, shown_setting{.value = match[3].str(), .comment = comment}).second;
            EXPECT_TRUE(is_new) << file << ": " << line << " is there twice";
        }
        comment.clear();
    }
    return found;
}

// Of all files together.
std::map<std::string, std::string> shown() {
    std::map<std::string, std::string> all;
    for (const auto* file : file_names) {
        for (const auto& [key, setting] : shown_in(file)) all[key] = setting.value;
    }
    return all;
}

// Whether a file of a role that takes this secret tells where it comes from.
bool is_named(const setting& secret, const std::string& text) {
    return text.contains(secret.key) && text.contains(secret.environment_name());
}

settings with(const std::string& key, const std::string& value) {
    const test::config_file file(key + ": " + value + "\n");
    settings loaded;
    apply_file(loaded, file.path());
    return loaded;
}

TEST(documented_settings, are_all_settings_and_nothing_else) {
    std::set<std::string> documented, known;
    for (const auto& [key, value] : shown()) documented.insert(key);
    for (const auto& setting : setting_table()) {
        if (!setting.secret) known.insert(std::string(setting.key));
    }
    EXPECT_EQ(documented, known);
}

// Beside the file that may hold it instead.
TEST(documented_settings, name_each_secret_without_a_value) {
    for (const auto& secret : setting_table()) {
        if (!secret.secret) continue;
        const auto beside = std::string(secret.key) + "_file";
        EXPECT_TRUE(shown().contains(beside)) << secret.key;
        for (const auto* file : file_names) {
            if (!shown_in(file).contains(beside)) continue;
            EXPECT_TRUE(is_named(secret, userinfo::test::read_project_file(file))) << file << ": " << secret.key;
        }
    }
}

TEST(documented_settings, change_nothing_as_they_stand) {
    for (const auto* file : file_names) {
        settings loaded;
        apply_file(loaded, userinfo::test::project_file(file));
        EXPECT_EQ(snapshot(loaded), snapshot(settings())) << file;
    }
}

TEST(documented_settings, have_the_defaults_that_the_help_shows) {
    const auto files = shown();
    for (const auto& setting : setting_table()) {
        const std::string key(setting.key);
        const bool is_set = !setting.secret && !without_default.contains(key) && files.at(key) != "[]";
        EXPECT_EQ(!setting.default_value.empty(), is_set) << key;
        if (!is_set) continue;
        settings with_it;
        setting.read(with_it, setting.default_value);
        EXPECT_EQ(snapshot(with_it), snapshot(settings())) << key;
    }
}

// In the help, which does not show what stands before a setting.
TEST(documented_settings, are_told_apart_by_their_explanation) {
    std::map<std::string_view, std::string_view> explained;
    for (const auto& setting : setting_table()) {
        const auto& [other, is_new] = explained.emplace(setting.help, setting.key);
        EXPECT_TRUE(is_new) << setting.key << " and " << other->second;
    }
}

TEST(documented_settings, are_explained_alike_in_each_file) {
    // What they are for the one role is not all that they are for another.
    const std::set<std::string> explained_for_the_role{"public_url", "data_dir", "keys.master_file"};
    shown_settings first;
    for (const auto* file : file_names) {
        for (const auto& [key, setting] : shown_in(file)) {
            const auto& other = first.emplace(key, setting).first->second;
            EXPECT_EQ(setting.value, other.value) << file << ": " << key;
            if (explained_for_the_role.contains(key)) continue;
            EXPECT_EQ(setting.comment, other.comment) << file << ": " << key;
        }
    }
}

TEST(documented_settings, show_their_defaults) {
    for (const auto& [key, value] : shown()) {
        if (without_default.contains(key)) continue;
        EXPECT_EQ(snapshot(with(key, value)), snapshot(settings())) << key << ": " << value;
    }
}

TEST(documented_settings, without_a_default_show_what_holds_then) {
    EXPECT_EQ(with("public_url", shown()["public_url"]).public_url, "http://" + settings().listen.to_string());
    EXPECT_EQ(with("keys.master_file", shown()["keys.master_file"]).keys.master_file,
              settings().data_dir / "master.key");
    EXPECT_EQ(with("log.file", shown()["log.file"]).log.file, "userinfo.log");
    const auto share = with("http.connections_per_source", shown()["http.connections_per_source"]);
    EXPECT_EQ(share.http.connections_per_source, client_limits(settings(), 1'000'000).connections_per_source);
}

// Or the comparison above would prove nothing for that setting.
TEST(documented_settings, would_be_missed_if_they_had_another_value) {
    const std::map<std::string, std::string> others{{"listen", "127.0.0.1:9"},
                                                    {"data_dir", "other"},
                                                    {"threads", "3"},
                                                    {"shutdown_time", "3s"},
                                                    {"management.listen", "127.0.0.1:9"},
                                                    {"http.trusted_proxies", "127.0.0.1"},
                                                    {"http.forwarded_header", "forwarded"},
                                                    {"http.allow_insecure", "true"},
                                                    {"http.hsts_subdomains", "true"},
                                                    {"http.pages", "false"},
                                                    {"http.connections", "3"},
                                                    {"http.body_bytes", "2048"},
                                                    {"http.header_time", "3s"},
                                                    {"http.body_time", "3s"},
                                                    {"http.idle_time", "3s"},
                                                    {"pages.path", "/account"},
                                                    {"pages.return_to", "https://app.example.com"},
                                                    {"cookies.compatible_names", "true"},
                                                    {"tokens.audience", "other"},
                                                    {"tokens.access_lifetime", "3s"},
                                                    {"sessions.idle", "3s"},
                                                    {"sessions.absolute", "3s"},
                                                    {"sessions.per_account", "3"},
                                                    {"sessions.recent_log_in", "3s"},
                                                    {"attempts.checks_per_minute", "3"},
                                                    {"attempts.checks_burst", "3"},
                                                    {"attempts.registers_per_minute", "3"},
                                                    {"attempts.registers_burst", "3"},
                                                    {"attempts.refreshes_per_session", "3"},
                                                    {"attempts.refreshes_per_source", "3"},
                                                    {"attempts.writes_per_session", "3"},
                                                    {"attempts.writes_per_source", "3"},
                                                    {"attempts.forced_reads_per_session", "3"},
                                                    {"attempts.forced_reads_per_source", "3"},
                                                    {"attempts.free_failures", "3"},
                                                    {"compatibility.reference", "true"},
                                                    {"passwords.shortest", "9"},
                                                    {"passwords.memory", "8192"},
                                                    {"passwords.iterations", "3"},
                                                    {"passwords.threads", "3"},
                                                    {"passwords.queue", "3"},
                                                    {"passwords.log_in_floor", "3s"},
                                                    {"cache.profiles", "3"},
                                                    {"cache.sessions", "3"},
                                                    {"keys.lead_time", "5m"},
                                                    {"audit.keep", "300d"},
                                                    {"audit.keep_addresses", "3s"},
                                                    {"sessions.on_primary_loss", "refuse"},
                                                    {"mariadb.hosts", "127.0.0.1:9"},
                                                    {"mariadb.database", "other"},
                                                    {"mariadb.user", "other"},
                                                    {"mariadb.threads", "3"},
                                                    {"mariadb.require_replica", "true"},
                                                    {"redis.nodes", "127.0.0.1:9"},
                                                    {"rpc.reflection", "true"},
                                                    {"discovery.etcd", "127.0.0.1:9"},
                                                    {"discovery.prefix", "other"},
                                                    {"discovery.weight", "3"},
                                                    {"log.level", "off"},
                                                    {"log.format", "json"}};
    for (const auto& [key, value] : shown()) {
        if (without_default.contains(key)) continue;
        ASSERT_TRUE(others.contains(key)) << "name another value of " << key << " here";
        EXPECT_NE(snapshot(with(key, others.at(key))), snapshot(settings())) << key;
    }
}

}  // namespace
}  // namespace userinfo::programs
