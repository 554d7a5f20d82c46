#include "tokens/sealing.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/sha256.h"

namespace userinfo {
namespace {

using namespace std::string_literals;

std::string bytes_of_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

TEST(master_key, unseals_what_it_sealed) {
    const auto key = master_key::generate();
    for (const auto& secret : {""s, "s"s, "\0\0"s, std::string(5000, 's')}) {
        EXPECT_EQ(key.unseal(key.seal(secret, "context"), "context"), secret);
    }
}

// draft-irtf-cfrg-xchacha-03, A.3.1: a sealed secret is the nonce, the ciphertext and the tag of XChaCha20-Poly1305.
TEST(master_key, unseals_the_example_of_xchacha20_poly1305) {
    std::string bytes;
    for (int i = 0x80; i <= 0x9f; ++i) bytes += static_cast<char>(i);
    const auto key = master_key::parse(to_base64url(bytes));
    ASSERT_TRUE(key);
    const auto sealed = bytes_of_hex(
        "404142434445464748494a4b4c4d4e4f5051525354555657"
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52e"
        "c0875924c1c7987947deafd8780acf49");
    EXPECT_EQ(key->unseal(sealed, bytes_of_hex("50515253c0c1c2c3c4c5c6c7")),
              "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
              "sunscreen would be it.");
}

TEST(master_key, sealing_hides_the_secret_and_differs_each_time) {
    const auto key = master_key::generate();
    const auto sealed = key.seal("a well known secret", "context");
    EXPECT_EQ(sealed.find("secret"), sealed.npos);
    EXPECT_NE(key.seal("a well known secret", "context"), sealed);
}

TEST(master_key, another_key_or_context_opens_nothing) {
    const auto key = master_key::generate();
    const auto sealed = key.seal("secret", "context");
    EXPECT_EQ(master_key::generate().unseal(sealed, "context"), std::nullopt);
    for (const auto& context : {""s, "contex"s, "context "s, "Context"s, "context\0"s}) {
        EXPECT_EQ(key.unseal(sealed, context), std::nullopt) << context;
    }
}

TEST(master_key, what_is_damaged_does_not_open) {
    const auto key = master_key::generate();
    const auto sealed = key.seal("secret", "context");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto damaged = sealed;
        damaged[i] = static_cast<char>(damaged[i] ^ 1);
        EXPECT_EQ(key.unseal(damaged, "context"), std::nullopt) << i;
        EXPECT_EQ(key.unseal(sealed.substr(0, i), "context"), std::nullopt) << i;
    }
    EXPECT_EQ(key.unseal(sealed + '\0', "context"), std::nullopt);
}

TEST(master_key, is_read_from_its_text) {
    const auto key = master_key::generate();
    const auto again = master_key::parse(key.to_base64url());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->unseal(key.seal("secret", "context"), "context"), "secret");
    EXPECT_EQ(again->id(), key.id());
}

TEST(master_key, refuses_text_that_is_not_the_base64url_of_32_bytes) {
    const auto good = to_base64url(std::string(32, 'k'));
    ASSERT_TRUE(master_key::parse(good));
    for (const auto& text :
         {""s, good + "=", good + "\n", ' ' + good, good.substr(1), to_base64url(std::string(31, 'k')),
          to_base64url(std::string(33, 'k')), std::string(32, 'k'), std::string(64, 'a'), good.substr(0, 42) + '+',
          good.substr(0, 42) + 'l'}) {
        EXPECT_FALSE(master_key::parse(text)) << text;
    }
}

TEST(master_key, its_id_tells_keys_apart_without_telling_them) {
    const auto key = master_key::generate();
    EXPECT_EQ(key.id().size(), 16u);
    EXPECT_NE(key.id(), master_key::generate().id());
    EXPECT_NE(key.id(), log_label(*from_base64url(key.to_base64url())));
}

TEST(master_keys, the_first_leads_and_all_open) {
    const auto older = master_key::generate();
    const auto newer = master_key::generate();
    const auto keys = master_keys(older).led_by(newer);
    EXPECT_EQ(keys.first().id(), newer.id());
    EXPECT_EQ(keys.ids(), newer.id() + ", " + older.id());
    EXPECT_EQ(keys.unseal(older.seal("secret", "context"), "context"), "secret");
    EXPECT_EQ(keys.unseal(newer.seal("secret", "context"), "context"), "secret");
    EXPECT_EQ(keys.unseal(newer.seal("secret", "context"), "other"), std::nullopt);
    EXPECT_EQ(keys.unseal(master_key::generate().seal("secret", "context"), "context"), std::nullopt);
}

TEST(master_keys, are_read_from_their_text_with_commas_or_white_space) {
    const auto a = master_key::generate();
    const auto b = master_key::generate();
    const auto both = master_keys(b).led_by(a);
    EXPECT_EQ(both.to_text(), a.to_base64url() + '\n' + b.to_base64url() + '\n');
    for (const auto& between : {","s, ", "s, " "s, "\n"s, "\r\n"s, " ,\t"s}) {
        for (const auto& around : {""s, " "s, "\n"s}) {
            const auto read = master_keys::parse(around + a.to_base64url() + between + b.to_base64url() + around);
            ASSERT_TRUE(read) << between;
            EXPECT_EQ(read->ids(), both.ids());
        }
    }
    EXPECT_EQ(master_keys::parse(a.to_base64url())->ids(), a.id());
}

TEST(master_keys, are_refused_if_one_of_them_is_wrong) {
    const auto good = master_key::generate().to_base64url();
    for (const auto& text : {""s, " "s, ",\n"s, good + good, good + ';' + good, good + ",x"s, "x,"s + good,
                             good + ", " + good.substr(1), good + "\n#"s, good + '\0' + good}) {
        EXPECT_FALSE(master_keys::parse(text)) << text;
    }
}

}  // namespace
}  // namespace userinfo
