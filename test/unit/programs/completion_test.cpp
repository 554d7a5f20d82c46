#include "programs/completion.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::programs {
namespace {

using words = std::vector<std::string>;

words completed(const words& typed) {
    verbs verbs;
    return complete(verbs, typed);
}

bool offers(const words& typed, const std::string& word) {
    const auto offered = completed(typed);
    return std::ranges::find(offered, word) != offered.end();
}

TEST(completion, of_a_verb) {
    EXPECT_EQ(completed({"st"}), words{"standalone"});
    EXPECT_EQ(completed({"user", "s"}), (words{"show", "suspend"}));
    EXPECT_EQ(completed({"audit", ""}), words{"verify"});
    EXPECT_TRUE(offers({""}, "keys"));
    EXPECT_EQ(completed({"dance"}), words{});
    EXPECT_EQ(completed({"user", "show", ""}), words{}) << "an account may be any word";
}

TEST(completion, of_an_option) {
    EXPECT_EQ(completed({"--v"}), words{"--version"});
    EXPECT_EQ(completed({"user", "show", "--js"}), words{"--json"});
    EXPECT_EQ(completed({"user", "show", "ada@example.com", "--js"}), words{"--json"});
    EXPECT_EQ(completed({"audit", "--f"}), words{"--follow"});
    EXPECT_TRUE(offers({"audit", "--"}, "--since"));
    EXPECT_FALSE(offers({"audit", "verify", "--"}, "--since"));
    EXPECT_EQ(completed({"keys", "revoke", "--", "--"}), words{});
}

TEST(completion, of_a_setting) {
    EXPECT_EQ(completed({"standalone", "--tokens-a"}), (words{"--tokens-audience", "--tokens-access-lifetime"}));
    for (const auto& setting : setting_table()) {
        EXPECT_NE(offers({"service", "--"}, setting.option_name()), setting.secret) << setting.key;
    }
}

TEST(completion, of_a_value) {
    EXPECT_EQ(completed({"gateway", "--log-format", ""}), (words{"automatic", "json", "plain"}));
    EXPECT_EQ(completed({"gateway", "--log-format", "=", "j"}), words{"json"}) << "bash splits there";
    EXPECT_EQ(completed({"gateway", "--log-format", "="}), (words{"automatic", "json", "plain"}));
    EXPECT_EQ(completed({"gateway", "--log-format=j"}), words{"--log-format=json"}) << "others do not";
    EXPECT_EQ(completed({"gateway", "--http-pages", "f"}), words{"false"});
    EXPECT_EQ(completed({"audit", "--type", "suspen"}), words{"suspend"});
    EXPECT_EQ(completed({"audit", "--type", "suspend", "--js"}), words{"--json"});
    EXPECT_EQ(completed({"standalone", "--listen", ""}), words{});
    EXPECT_EQ(completed({"keys", "rotate", "a"}), words{"access"});
    EXPECT_EQ(completed({"config", "check", "s"}), (words{"standalone", "service"}));
    EXPECT_EQ(completed({"completion", ""}), words{"bash"});
}

TEST(completion, of_what_help_explains) {
    EXPECT_EQ(completed({"help", "se"}), (words{"settings", "service"}));
    EXPECT_TRUE(offers({"help", ""}, "user"));
    EXPECT_EQ(completed({"help", "user", "s"}), (words{"show", "suspend"}));
    EXPECT_EQ(completed({"help", "audit", ""}), words{"verify"});
    EXPECT_EQ(completed({"help", "user", "show", ""}), words{});
    EXPECT_EQ(completed({"help", "settings", ""}), words{});
    EXPECT_EQ(completed({"help", "dance", ""}), words{});
    EXPECT_EQ(completed({"help", "--h"}), words{"--help"});
}

TEST(completion, of_nothing) { EXPECT_TRUE(offers({}, "standalone")); }

// Each word that is offered must be one that the setting takes.
TEST(completion, of_a_value_offers_what_the_setting_takes) {
    for (const auto& setting : setting_table()) {
        EXPECT_EQ(setting.form == "BOOL", setting.choices() == (words{"true", "false"})) << setting.key;
        for (const auto& choice : setting.choices()) {
            settings settings;
            EXPECT_NO_THROW(setting.read(settings, choice)) << setting.key << ' ' << choice;
        }
    }
}

}  // namespace
}  // namespace userinfo::programs
