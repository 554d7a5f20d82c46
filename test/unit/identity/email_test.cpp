#include "identity/email.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::string_literals;

struct spelling {
    std::string typed, key;
};

TEST(email, keeps_what_was_typed_and_makes_a_key_of_it) {
    for (const auto& [typed, key] : {
             spelling{"anna@example.org", "anna@example.org"},
             spelling{"Anna.Smith@Example.ORG", "anna.smith@example.org"},
             spelling{"a+tag@example.org", "a+tag@example.org"},
             spelling{"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"},
             spelling{"a@sub.example.co.uk", "a@sub.example.co.uk"},
             spelling{"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
             spelling{"a@XN--Bcher-KVA.Example", "a@xn--bcher-kva.example"},
             spelling{"a@b\u00fccher.example", "a@xn--bcher-kva.example"},
             spelling{"a@fa\u00df.de", "a@xn--fa-hia.de"},
             spelling{"a@fass.de", "a@fass.de"},
             spelling{"a@\u4f8b\u3048.jp", "a@xn--r8jz45g.jp"},
             spelling{"a@1and1.com", "a@1and1.com"},
             spelling{"a@1.example", "a@1.example"},
             spelling{"a@example.c0m", "a@example.c0m"},
         }) {
        const auto email = parse_email(typed);
        ASSERT_TRUE(email) << typed;
        EXPECT_EQ(email->typed, typed);
        EXPECT_EQ(email->key, key);
    }
}

TEST(email, removes_white_space_around_it) {
    for (const auto& white_space :
         {" "s, "\t"s, "\n"s, "\r\n"s, "\f\v"s, "\u00a0"s, "\u3000"s, "\u2028\u2003"s, "\ufeff"s}) {
        for (const auto& text : {white_space + "Anna@example.org", "Anna@example.org" + white_space,
                                 white_space + " Anna@example.org" + white_space}) {
            const auto email = parse_email(text);
            ASSERT_TRUE(email) << testing::PrintToString(text);
            EXPECT_EQ(email->typed, "Anna@example.org");
            EXPECT_EQ(email->key, "anna@example.org");
        }
    }
    EXPECT_TRUE(parse_email(std::string(300, ' ') + "anna@example.org" + std::string(300, ' ')));
    EXPECT_FALSE(parse_email(std::string(300, ' ')));
}

TEST(email, makes_no_rules_about_dots_and_plus) {
    EXPECT_NE(parse_email("a.b@example.org")->key, parse_email("ab@example.org")->key);
    EXPECT_NE(parse_email("a+b@example.org")->key, parse_email("a@example.org")->key);
}

TEST(email, refuses_what_is_none) {
    for (const auto& text : {
             ""s,
             "@"s,
             "anna"s,
             "anna@"s,
             "@example.org"s,
             "a@b@example.org"s,
             "a@@example.org"s,
             // white space within
             "an na@example.org"s,
             "anna @example.org"s,
             "anna@exam ple.org"s,
             "anna@exam\u00a0ple.org"s,
             "anna@exam\u3000ple.org"s,
             "anna@ example.org"s,
             "anna@example.org\n\nX: y"s,
             "\u200banna@example.org"s,
             // NUL
             "anna@example.org\0"s,
             "anna\0@example.org"s,
             "anna@example.org\0.evil.example"s,
             "\0@example.org"s,
             // dots and quotes
             ".anna@example.org"s,
             "anna.@example.org"s,
             "an..na@example.org"s,
             "\"anna\"@example.org"s,
             "\"an na\"@example.org"s,
             "an\\na@example.org"s,
             "anna(comment)@example.org"s,
             "<anna@example.org>"s,
             "Anna <anna@example.org>"s,
             "anna,berta@example.org"s,
             "anna;@example.org"s,
             "an:na@example.org"s,
             // letters beyond ASCII in the local part, compatibility characters anywhere
             "\u00e9@example.org"s,
             "\u212a@example.org"s,
             "\u0130@example.org"s,
             "\uff41@example.org"s,
             "a@\u212aexample.org"s,
             "a@e\u0130xample.org"s,
             "a@\uff45xample.org"s,
             "a@example\u3002org"s,
             "a@example\uff0eorg"s,
             "a@ex\u00adample.org"s,
             "a@ex\u200bample.org"s,
             "a@\u202eexample.org"s,
             "a\uff20example.org"s,
             // the domain
             "a@localhost"s,
             "a@example"s,
             "a@example."s,
             "a@example.org."s,
             "a@.example.org"s,
             "a@example..org"s,
             "a@-example.org"s,
             "a@example-.org"s,
             "a@ex_ample.org"s,
             "a@example.org-"s,
             "a@exa$mple.org"s,
             "a@192.0.2.1"s,
             "a@[192.0.2.1]"s,
             "a@[IPv6:::1]"s,
             "a@::1"s,
             "a@example.123"s,
             "a@example.org:25"s,
             "a@example.org/x"s,
             "a@example.org#"s,
             // labels that IDNA does not know
             "a@xn--.example"s,
             "a@xn--\u00fc.example"s,
             "a@bu\u0308cher.example"s,
             "a@B\u00dcCHER.example"s,
             // not UTF-8
             "\xff@example.org"s,
             "a@\xff.example"s,
             "a@b\xc3.example"s,
             "a@\xc0\xae.example"s,
         }) {
        const auto email = parse_email(text);
        ASSERT_FALSE(email) << testing::PrintToString(text) << " became " << email->key;
        EXPECT_EQ(email.error().code, errc::invalid_argument);
        EXPECT_EQ(email.error().field, "email");
        EXPECT_EQ(email.error().reason, "invalid");
    }
}

TEST(email, no_letter_of_an_international_domain_makes_it_an_ascii_one) {
    ASSERT_EQ(parse_email("a@kim.example")->key, "a@kim.example");
    for (const auto& [twin, key] : {
             spelling{"a@k\u0131m.example", "a@xn--km-hpa.example"},  // dotless i
             spelling{"a@k\u00edm.example", "a@xn--km-nja.example"},  // i with an acute accent
             spelling{"a@\u043aim.example", "a@xn--im-1lc.example"},  // Cyrillic ka
         }) {
        const auto email = parse_email(twin);
        ASSERT_TRUE(email) << twin;
        EXPECT_EQ(email->key, key);
    }
    // The Kelvin sign, the capital I with a dot and the fullwidth k: a mapping would make k and i of them.
    for (const auto& twin : {"a@\u212aim.example"s, "a@k\u0130m.example"s, "a@\uff4bim.example"s}) {
        EXPECT_FALSE(parse_email(twin)) << twin;
    }
}

TEST(email, its_local_part_has_at_most_64_bytes) {
    EXPECT_TRUE(parse_email(std::string(64, 'a') + "@example.org"));
    EXPECT_FALSE(parse_email(std::string(65, 'a') + "@example.org"));
}

TEST(email, a_label_has_at_most_63_bytes) {
    EXPECT_TRUE(parse_email("a@" + std::string(63, 'b') + ".org"));
    EXPECT_FALSE(parse_email("a@" + std::string(64, 'b') + ".org"));
}

// A domain of so many bytes, 100 to 220.
std::string domain_of(std::size_t size) {
    const auto label = std::string(45, 'b') + '.';
    std::string domain = label + label;
    while (size - domain.size() > 60) domain += label;
    return domain + std::string(size - domain.size(), 'c');
}

TEST(email, has_at_most_254_bytes_as_typed) {
    const auto local_part = std::string(60, 'a');
    const auto largest = local_part + '@' + domain_of(193);
    ASSERT_EQ(largest.size(), 254u);
    EXPECT_TRUE(parse_email(largest));
    EXPECT_FALSE(parse_email(local_part + '@' + domain_of(194)));
    EXPECT_FALSE(parse_email(std::string(1'000'000, 'a') + "@example.org"));
}

TEST(email, has_at_most_254_bytes_as_a_key) {
    const auto local_part = std::string(60, 'a');
    const auto label = "\u00fc."s;  // 3 bytes typed, 8 as xn--tda.
    std::string international;
    for (int i = 0; i < 12; ++i) international += label;
    const auto fits = local_part + '@' + international + domain_of(97);
    const auto email = parse_email(fits);
    ASSERT_TRUE(email);
    EXPECT_EQ(email->key.size(), 254u);
    const auto grows_too_long = local_part + '@' + international + domain_of(98);
    ASSERT_LT(grows_too_long.size(), 254u);
    EXPECT_FALSE(parse_email(grows_too_long));
}

}  // namespace
}  // namespace userinfo
