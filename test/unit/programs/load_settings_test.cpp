#include "programs/load_settings.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

using test::complaint;
using test::config_file;

// A variable of the environment for as long as it lives. The tests run one after the other.
class variable {
public:
    variable(std::string name, const char* value) : name_(std::move(name)) { ::setenv(name_.c_str(), value, 1); }
    ~variable() { ::unsetenv(name_.c_str()); }

    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;

private:
    const std::string name_;
};

// Nothing but what a test sets itself.
class load_settings_test : public testing::Test {
protected:
    load_settings_test() {
        for (const auto& setting : setting_table()) ::unsetenv(setting.environment_name().c_str());
    }
};

TEST_F(load_settings_test, gives_the_defaults_without_any_source) {
    const auto loaded = load_settings({}, {});
    EXPECT_EQ(loaded.listen.to_string(), "127.0.0.1:8080");
    EXPECT_EQ(loaded.management.listen.to_string(), "127.0.0.1:8081");
    EXPECT_EQ(loaded.public_url, "");
    EXPECT_EQ(loaded.data_dir, "data");
}

TEST_F(load_settings_test, lets_the_environment_win_over_the_file_and_an_option_over_both) {
    const config_file file("passwords: {queue: 1}\nthreads: 1\nlisten: 127.0.0.1:1\n");
    const variable queue("USERINFO_PASSWORDS_QUEUE", "2");
    const variable threads("USERINFO_THREADS", "2");
    const auto loaded = load_settings(file.path(), {{"passwords.queue", "3"}});
    EXPECT_EQ(loaded.passwords.queue, 3U);
    EXPECT_EQ(loaded.threads, 2U);
    EXPECT_EQ(loaded.listen.port, 1);
}

TEST_F(load_settings_test, names_the_variable_or_option_of_a_wrong_value) {
    EXPECT_EQ(complaint([] { load_settings({}, {{"passwords.log_in_floor", "11s"}}); }),
              "--passwords-log-in-floor: '11s' is not a duration from 0d to 10s, such as 250ms, 30s, 15m, 12h or 14d");
    const variable wrong("USERINFO_LOG_LEVEL", "loud");
    EXPECT_EQ(complaint([] { load_settings({}, {}); }),
              "USERINFO_LOG_LEVEL: 'loud' is not one of debug, info, warning, error, off");
}

TEST_F(load_settings_test, takes_an_empty_variable_for_one_that_is_not_set) {
    const config_file file("data_dir: here\nlog: {level: error}\n");
    const variable level("USERINFO_LOG_LEVEL", "");
    const variable folder("USERINFO_DATA_DIR", "");
    const variable secret("USERINFO_KEYS_MASTER", "");
    const variable proxies("USERINFO_HTTP_TRUSTED_PROXIES", "");
    const variable unknown("USERINFO_MISSPELLED", "");
    const auto loaded = load_settings(file.path(), {});
    EXPECT_EQ(loaded.data_dir, "here");
    EXPECT_EQ(loaded.log.level, log_level::error);
    EXPECT_EQ(loaded.keys.master, "");
    EXPECT_EQ(std::ranges::count(unknown_variables(), "USERINFO_MISSPELLED"), 0);
    EXPECT_EQ(complaint([] { load_settings({}, {{"data_dir", ""}}); }), "--data-dir: it must not be empty");
}

TEST_F(load_settings_test, knows_a_misspelled_variable_by_its_name_whatever_its_value_ends_in) {
    const variable misspelled("USERINFO_KEYS_MASTERR", "q83vABE=");
    EXPECT_EQ(std::ranges::count(unknown_variables(), "USERINFO_KEYS_MASTERR"), 1);
}

TEST_F(load_settings_test, takes_a_list_from_the_environment) {
    const variable proxies("USERINFO_HTTP_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8");
    EXPECT_EQ(load_settings({}, {}).http.trusted_proxies, (std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"}));
}

TEST_F(load_settings_test, takes_the_secret_from_the_environment_and_does_not_repeat_it) {
    const variable secret("USERINFO_KEYS_MASTER", "do-not-repeat-this");
    EXPECT_EQ(load_settings({}, {}).keys.master, "do-not-repeat-this");
    EXPECT_EQ(complaint([] { load_settings({}, {{"keys.master", ""}}); }), "--keys-master: the value is not valid");
}

TEST_F(load_settings_test, checks_what_it_has_loaded) {
    EXPECT_TRUE(
        complaint([] { load_settings({}, {{"listen", "0.0.0.0:8080"}}); }).starts_with("listen: '0.0.0.0:8080'"));
}

TEST_F(load_settings_test, tells_which_variables_are_no_settings) {
    const variable right("USERINFO_THREADS", "1");
    const variable wrong("USERINFO_LISTN", "127.0.0.1:1");
    const variable other("USERINF_LISTEN", "127.0.0.1:1");
    const auto unknown = unknown_variables();
    EXPECT_EQ(std::ranges::count(unknown, "USERINFO_LISTN"), 1);
    EXPECT_EQ(std::ranges::count(unknown, "USERINFO_THREADS"), 0);
    EXPECT_EQ(std::ranges::count(unknown, "USERINF_LISTEN"), 0);
}

TEST(check_settings, wants_https_where_others_can_listen) {
    struct {
        const char *listen, *public_url;
        bool allow_insecure, right;
    } const cases[]{
        {"127.0.0.1:8080", "", false, true},
        {"[::1]:8080", "", false, true},
        {"127.0.0.1:8080", "http://id.example.com", false, true},
        {"0.0.0.0:8080", "", false, false},
        {"[::]:8080", "", false, false},
        {"192.168.0.1:8080", "http://id.example.com", false, false},
        {"0.0.0.0:8080", "https://id.example.com", false, true},
        {"0.0.0.0:8080", "http://id.example.com", true, true},
        {"192.168.0.1:8080", "", true, true},
        {"[::]:8080", "", true, false},
        {"unix:/run/a.sock", "https://id.example.com", false, true},
        {"unix:/run/a.sock", "http://id.example.com", false, true},
        {"unix:/run/a.sock", "", false, false},
        {"unix:/run/a.sock", "", true, false},
    };
    for (const auto& [listen, public_url, allow_insecure, right] : cases) {
        settings settings;
        settings.listen = net::address::parse(listen);
        settings.public_url = public_url;
        settings.http.allow_insecure = allow_insecure;
        EXPECT_EQ(complaint([&] { check_settings(settings); }) == "(none)", right) << listen << ' ' << public_url;
    }
}

TEST(check_settings, leads_from_https_to_no_http_but_this_machines) {
    settings settings;
    settings.pages.product.return_to = {"https://app.example.com", "http://localhost:3000", "http://app.example.com"};
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.public_url = "https://id.example.com";
    EXPECT_EQ(complaint([&] { check_settings(settings); }),
              "pages.return_to: 'http://app.example.com' is http, but public_url is https");
    settings.pages.product.return_to.pop_back();
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
}

TEST(check_settings, takes_no_entrance_for_a_home) {
    settings settings;
    for (const auto* home : {"/login", "/register", "/login?a", "/register#a"}) {
        settings.pages.product.home = home;
        EXPECT_EQ(complaint([&] { check_settings(settings); }),
                  "pages.home: '" + settings.pages.product.home + "' leads people who have logged in away again");
    }
    settings.pages.product.home = "/logins";
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
}

TEST_F(load_settings_test, reads_the_product_that_the_pages_lead_back_to) {
    const config_file file(
        "pages: {product: Shop, home: /app, return_to: [https://app.example.com, 'http://localhost:3000']}\n");
    const auto pages = load_settings(file.path(), {}).pages.product;
    EXPECT_EQ(pages.name, "Shop");
    EXPECT_EQ(pages.home, "/app");
    EXPECT_EQ(pages.return_to, (std::vector<std::string>{"https://app.example.com", "http://localhost:3000"}));
    EXPECT_EQ(complaint([] { load_settings({}, {{"pages.return_to", "https://app.example.com/"}}); }),
              "--pages-return-to: 'https://app.example.com/' is not an origin as browsers write it; that is "
              "'https://app.example.com'");
    std::string origins = "https://0.example.com";
    for (int i = 1; i < 100; ++i) origins += ",https://" + std::to_string(i) + ".example.com";
    EXPECT_EQ(load_settings({}, {{"pages.return_to", origins}}).pages.product.return_to.size(), 100U);
    EXPECT_EQ(complaint([&] { load_settings({}, {{"pages.return_to", origins + ",https://app.example.com"}}); }),
              "--pages-return-to: at most 100 origins are expected");
}

TEST(check_settings, wants_no_tls_on_a_unix_socket) {
    settings settings;
    settings.listen = net::address::parse("unix:/run/a.sock");
    settings.public_url = "https://id.example.com";
    settings.tls.certificate = "c.pem";
    settings.tls.key = "k.pem";
    EXPECT_EQ(
        complaint([&] { check_settings(settings); }),
        "tls.certificate: a unix socket speaks no TLS; let the proxy that connects to 'unix:/run/a.sock' speak it");
}

TEST(check_settings, wants_a_certificate_with_its_key_and_then_https) {
    settings settings;
    settings.listen = net::address::parse("192.168.0.1:8443");
    settings.tls.certificate = "server.pem";
    EXPECT_TRUE(complaint([&] { check_settings(settings); }).starts_with("tls.certificate and tls.key"));
    settings.tls.key = "server.key";
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.public_url = "https://id.example.com";
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.public_url = "http://id.example.com";
    EXPECT_TRUE(complaint([&] { check_settings(settings); }).starts_with("public_url"));
    settings.tls = {};
    settings.tls.key = "server.key";
    EXPECT_TRUE(complaint([&] { check_settings(settings); }).starts_with("tls.certificate and tls.key"));
}

TEST(check_settings, wants_no_weak_passwords_over_https) {
    settings settings;
    settings.compatibility.reference = true;
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.public_url = "https://id.example";
    EXPECT_TRUE(complaint([&] { check_settings(settings); }).starts_with("compatibility.reference"));
    settings.public_url.clear();
    settings.tls = {.certificate = "server.pem", .key = "server.key"};
    EXPECT_TRUE(complaint([&] { check_settings(settings); }).starts_with("compatibility.reference"));
    settings.compatibility.reference = false;
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
}

TEST(check_settings, wants_all_three_files_of_rpc_or_none) {
    for (int given = 0; given < 8; ++given) {
        settings settings;
        if ((given & 1) != 0) settings.rpc.certificate = "own.pem";
        if ((given & 2) != 0) settings.rpc.key = "own.key";
        if ((given & 4) != 0) settings.rpc.authority = "authority.pem";
        const auto said = complaint([&] { check_settings(settings); });
        const bool right = given == 0 || given == 7;
        EXPECT_EQ(said.starts_with("rpc.certificate, rpc.key and rpc.authority"), !right) << given << said;
    }
}

TEST(check_settings, wants_sessions_to_end_when_they_are_idle_before_they_end_anyway) {
    settings settings;
    settings.sessions.idle = settings.sessions.absolute;
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.sessions.idle += std::chrono::milliseconds(1);
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "sessions.idle is longer than sessions.absolute");
}

TEST(check_settings, wants_addresses_to_go_before_their_events) {
    settings settings;
    settings.audit.keep_addresses = settings.audit.keep;
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "(none)");
    settings.audit.keep_addresses += std::chrono::milliseconds(1);
    EXPECT_EQ(complaint([&] { check_settings(settings); }), "audit.keep_addresses is longer than audit.keep");
}

TEST(setting_table, names_each_setting_in_three_ways) {
    const auto* setting = find_setting("tokens.access_lifetime");
    ASSERT_NE(setting, nullptr);
    EXPECT_EQ(setting->environment_name(), "USERINFO_TOKENS_ACCESS_LIFETIME");
    EXPECT_EQ(setting->option_name(), "--tokens-access-lifetime");
    EXPECT_EQ(find_setting("tokens"), nullptr);
    EXPECT_EQ(find_setting(""), nullptr);
}

TEST(setting_table, gives_no_two_settings_one_name) {
    std::set<std::string> variables, options;
    for (const auto& setting : setting_table()) {
        EXPECT_TRUE(variables.insert(setting.environment_name()).second) << setting.key;
        EXPECT_TRUE(options.insert(setting.option_name()).second) << setting.key;
        EXPECT_FALSE(setting.help.empty()) << setting.key;
        EXPECT_EQ(find_setting(setting.key), &setting);
    }
}

}  // namespace
}  // namespace userinfo::programs
