#include <set>
#include <string>

#include <gtest/gtest.h>

#include "programs/load_settings.h"
#include "programs/setting_table.h"
#include "unit/programs/config_file.h"

namespace userinfo::programs {
namespace {

using namespace std::chrono_literals;
using test::complaint;
using test::config_file;

settings read(const char* text) {
    settings loaded;
    apply_file(loaded, config_file(text).path());
    return loaded;
}

std::string refused(const std::string& text) {
    return complaint([&] { read(text.c_str()); });
}

TEST(settings_from_file, are_read_by_sections) {
    const auto loaded = read(
        "# a comment\n"
        "listen: 127.0.0.1:9000\n"
        "public_url: https://ID.example.com/\n"
        "http:\n"
        "  trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n"
        "  body_bytes: 2048\n"
        "cookies: {compatible_names: true}\n"
        "sessions.idle: 2d\n"
        "log:\n"
        "  level: \"debug\"\n");
    EXPECT_EQ(loaded.listen.port, 9000);
    EXPECT_EQ(loaded.public_url, "https://id.example.com");
    EXPECT_EQ(loaded.http.trusted_proxies, (std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"}));
    EXPECT_EQ(loaded.http.limits.body_bytes, 2048U);
    EXPECT_TRUE(loaded.cookies.compatible_names);
    EXPECT_EQ(loaded.sessions.idle, 48h);
    EXPECT_EQ(loaded.log.level, log_level::debug);
}

TEST(settings_from_file, may_be_none) {
    for (const auto* text :
         {"", "\n\n", "# nothing\n", "---\n", "{}", "http:\n", "http:\nlog:\n  #level: info\n", "http: {}\n"}) {
        EXPECT_EQ(refused(text), "(none)") << text;
    }
}

TEST(settings_from_file, name_the_file_if_it_is_none) {
    settings loaded;
    EXPECT_EQ(complaint([&] { apply_file(loaded, "/nowhere/userinfo.yaml"); }),
              "--config: '/nowhere/userinfo.yaml' cannot be read: No such file or directory");
    const userinfo::test::scratch_folder folder;
    std::filesystem::create_directory(folder / "userinfo.yaml");
    EXPECT_EQ(complaint([&] { apply_file(loaded, folder / "userinfo.yaml"); }),
              "--config: '" + (folder / "userinfo.yaml").string() + "' cannot be read: Is a directory");
}

TEST(settings_from_file, name_the_line_of_broken_yaml) {
    EXPECT_TRUE(refused("listen: [\n").starts_with("userinfo.yaml: line 2: "));
    EXPECT_TRUE(refused("threads: 1\nhttp:\n  body_bytes: 2048\n bad\n").starts_with("userinfo.yaml: line "));
    EXPECT_TRUE(refused("threads: 1\nlisten: *unknown\n").starts_with("userinfo.yaml: line 2: "));
    EXPECT_EQ(refused("- listen\n"), "userinfo.yaml: keys and values are expected");
    EXPECT_EQ(refused("listen\n"), "userinfo.yaml: keys and values are expected");
}

TEST(settings_from_file, name_a_key_that_is_no_setting) {
    EXPECT_EQ(refused("lisen: 1\n"), "userinfo.yaml: lisen is not a setting");
    EXPECT_EQ(refused("http:\n  bodybytes: 1\n"), "userinfo.yaml: http.bodybytes is not a setting");
    EXPECT_EQ(refused("http:\n  http:\n    body_bytes: 2048\n"), "userinfo.yaml: http.http is not a setting");
    EXPECT_EQ(refused("http: 1\n"), "userinfo.yaml: http is not a setting");
    EXPECT_EQ(refused("Listen: 127.0.0.1:1\n"), "userinfo.yaml: Listen is not a setting");
    EXPECT_EQ(refused("? [a, b]\n: 1\n"), "userinfo.yaml:  is not a setting");
}

TEST(settings_from_file, name_the_key_of_a_wrong_value) {
    EXPECT_EQ(refused("threads: many\n"), "userinfo.yaml: threads: 'many' is not a whole number from 0 to 1024");
    EXPECT_EQ(refused("http:\n  body_bytes: 1\n"),
              "userinfo.yaml: http.body_bytes: '1' is not a whole number from 1024 to 16777216");
    EXPECT_EQ(refused("http: {trusted_proxies: [127.0.0.1, proxy]}\n"),
              "userinfo.yaml: http.trusted_proxies: 'proxy' is not an IP address or network");
    EXPECT_EQ(refused("data_dir: \"\"\n"), "userinfo.yaml: data_dir: it must not be empty");
    EXPECT_EQ(refused("log: {level: loud}\n"),
              "userinfo.yaml: log.level: 'loud' is not one of debug, info, warning, error, off");
    EXPECT_EQ(refused("log: {level: trace}\n"),
              "userinfo.yaml: log.level: 'trace' is not one of debug, info, warning, error, off");
    EXPECT_EQ(refused("log: {format: xml}\n"), "userinfo.yaml: log.format: 'xml' is not one of automatic, json, plain");
    EXPECT_EQ(refused("public_url: example\n"),
              "userinfo.yaml: public_url: 'example' is not a URL such as https://id.example.com");
}

TEST(settings_from_file, are_refused_in_one_line_whatever_they_hold) {
    EXPECT_EQ(refused("\"http\\n\": 1\n"), R"(userinfo.yaml: http\n is not a setting)");
    EXPECT_EQ(refused("threads: \"1\\n2\\r\\t\\e\"\n"),
              R"(userinfo.yaml: threads: '1\n2\r\t\u{001B}' is not a whole number from 0 to 1024)");
}

TEST(settings_from_file, are_values_or_lists_of_values) {
    EXPECT_EQ(refused("listen:\n"), "userinfo.yaml: listen: a value or a list of values is expected");
    EXPECT_EQ(refused("listen: {host: a}\n"), "userinfo.yaml: listen: a value or a list of values is expected");
    EXPECT_EQ(refused("http: {trusted_proxies: [[127.0.0.1]]}\n"),
              "userinfo.yaml: http.trusted_proxies: a list of plain values is expected");
}

TEST(settings_from_file, are_refused_if_one_is_there_twice) {
    EXPECT_EQ(refused("threads: 1\nthreads: 1\n"), "userinfo.yaml: threads is set twice");
    EXPECT_EQ(refused("http: {body_bytes: 2048}\nlisten: 127.0.0.1:1\nhttp: {}\n"), "userinfo.yaml: http is set twice");
    EXPECT_EQ(refused("http: {body_bytes: 2048, body_bytes: 4096}\n"), "userinfo.yaml: http.body_bytes is set twice");
    EXPECT_EQ(refused("http: {body_bytes: 2048}\nhttp.body_bytes: 4096\n"),
              "userinfo.yaml: http.body_bytes is set twice");
}

TEST(settings_from_file, hold_no_secret_and_do_not_repeat_one) {
    std::set<std::string> keys;
    for (const auto& setting : setting_table()) {
        if (!setting.secret) continue;
        const std::string key(setting.key);
        keys.insert(key);
        const auto dot = key.find('.');
        const auto told = refused(key.substr(0, dot) + ":\n  " + key.substr(dot + 1) + ": do-not-repeat-this\n");
        EXPECT_TRUE(told.contains(key + ": a secret")) << told;
        EXPECT_FALSE(told.contains("do-not-repeat-this")) << told;
    }
    EXPECT_EQ(keys, (std::set<std::string>{"keys.master", "mariadb.password", "redis.password"}));
}

}  // namespace
}  // namespace userinfo::programs
