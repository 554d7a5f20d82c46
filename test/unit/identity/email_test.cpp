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

// The domain as its owner may type it, and as browsers map it.
TEST(email, maps_a_domain_as_browsers_do) {
    for (const auto& [typed, key] : {
             spelling{"a@B\u00dcCHER.example", "a@xn--bcher-kva.example"},
             spelling{"a@b\u00dccher.EXAMPLE", "a@xn--bcher-kva.example"},
             spelling{"a@bu\u0308cher.example", "a@xn--bcher-kva.example"},  // NFD
             spelling{"a@BU\u0308CHER.example", "a@xn--bcher-kva.example"},
             spelling{"a@example\u3002org", "a@example.org"},  // ideographic full stop
             spelling{"a@example\uff0eorg", "a@example.org"},  // fullwidth
             spelling{"a@example\uff61org", "a@example.org"},  // halfwidth
             spelling{"a@b\u00fccher\u3002example", "a@xn--bcher-kva.example"},
             spelling{"a@\u4f8b\u3048\u3002jp", "a@xn--r8jz45g.jp"},
             spelling{"a@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.org", "a@example.org"},  // fullwidth letters
             spelling{"a@ex\u00adample.org", "a@example.org"},                               // soft hyphen: ignored
             spelling{"a@ex\u200bample.org", "a@example.org"},  // zero width space: ignored
             spelling{"a@fa\u00df.de", "a@xn--fa-hia.de"},      // nontransitional
             spelling{"a@FA\u1e9e.de", "a@xn--fa-hia.de"},
             spelling{"a@\u03c3\u03b1\u03c2.example", "a@xn--mxa8ab.example"},  // final sigma
             spelling{"a@\u03a3\u0391\u03a3.example", "a@xn--mxa9ab.example"},
             spelling{"a@\u0413\u041e\u0421\u0422.example", "a@xn--c1awje.example"},
             spelling{"a@ab--cd.B\u00dcCHER.example", "a@ab--cd.xn--bcher-kva.example"},
         }) {
        const auto email = parse_email(typed);
        ASSERT_TRUE(email) << typed;
        EXPECT_EQ(email->typed, typed);
        EXPECT_EQ(email->key, key) << typed;
        EXPECT_EQ(parse_email(email->key)->key, key);
    }
}

// Accounts are found by these keys, which were made before domains were mapped.
TEST(email, the_key_of_what_idna_2008_takes_is_no_other_than_without_the_mapping) {
    for (const auto& [typed, key] : {
             spelling{"a@ab--cd.example", "a@ab--cd.example"},
             spelling{"a@r3---sn-4g5.example", "a@r3---sn-4g5.example"},
             spelling{"a@xn--fa-hia.de", "a@xn--fa-hia.de"},
             spelling{"a@xn--mxa8ab.example", "a@xn--mxa8ab.example"},
             spelling{"a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com", "a@xn--mgba3gch31f060k.com"},  // with a ZWNJ
             spelling{"a@k\u0131m.example", "a@xn--km-hpa.example"},
             spelling{"a@\u30fb\u3042.example", "a@xn--l8j3u.example"},  // a middle dot
             spelling{"a@l\u00b7l.example", "a@xn--ll-0ea.example"},
             spelling{"a@123.b\u00fccher.c0m", "a@123.xn--bcher-kva.c0m"},
         }) {
        const auto email = parse_email(typed);
        ASSERT_TRUE(email) << typed;
        EXPECT_EQ(email->key, key) << typed;
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
             // letters beyond ASCII in the local part, which is not mapped
             "\u00e9@example.org"s,
             "\u212a@example.org"s,
             "\u0130@example.org"s,
             "\uff41@example.org"s,
             "a@\u202eexample.org"s,
             "a@\u2764\ufe0f.example"s,
             "a@\u2260.example"s,
             "a@\U0002ebf0.example"s,
             "a@\u2488com"s,
             "a@ex\u2044ample.org"s,
             "a@\u00ad.example"s,
             "a@example\u3002"s,
             "a@\u3002example.org"s,
             "a@example.\uff11\uff12"s,
             "a@\uff11\uff19\uff12.0.2.\uff11"s,
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
             "a@\uff58n--\u00fc.example"s,
             "a@xn--B\u00dcCHER-kva.example"s,
             "a@xn--fass-.example"s,
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
             spelling{"a@k\u0131m.example", "a@xn--km-hpa.example"},   // dotless i
             spelling{"a@k\u00edm.example", "a@xn--km-nja.example"},   // i with an acute accent
             spelling{"a@\u043aim.example", "a@xn--im-1lc.example"},   // Cyrillic ka
             spelling{"a@k\u0130m.example", "a@xn--kim-9dc.example"},  // capital i with a dot, which stays on it
         }) {
        const auto email = parse_email(twin);
        ASSERT_TRUE(email) << twin;
        EXPECT_EQ(email->key, key);
    }
    // The Kelvin sign and the fullwidth k are other forms of k: a browser opens the same domain.
    for (const auto& twin : {"a@\u212aim.example"s, "a@\uff4bim.example"s}) {
        EXPECT_EQ(parse_email(twin)->key, "a@kim.example") << twin;
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

TEST(ascii_form, of_an_address_is_what_was_typed_with_a_labels) {
    EXPECT_EQ(ascii_form("Anna.Smith@Example.ORG"), "Anna.Smith@example.org");
    EXPECT_EQ(ascii_form("Anna@B\u00fccher.example"), "Anna@xn--bcher-kva.example");
}

TEST(ascii_form, of_another_identifier_is_itself_if_it_is_printable) {
    EXPECT_EQ(ascii_form("test_user_1"), "test_user_1");
    EXPECT_EQ(ascii_form("Anna@localhost"), "Anna@localhost");
    for (const auto* text : {"", "a b", "a\r\nX-Evil: 1", "\u00fc", "a\x7f"}) EXPECT_EQ(ascii_form(text), "") << text;
}

}  // namespace
}  // namespace userinfo
