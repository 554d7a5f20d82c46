#include "base/sha256.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace userinfo {
namespace {

std::string hex_of(std::string_view bytes) {
    const auto digest = sha256(bytes);
    std::string hex(2 * digest.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

TEST(sha256, gives_the_digests_of_the_standard) {
    EXPECT_EQ(hex_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex_of(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(sha256, a_log_label_is_the_beginning_of_the_digest) { EXPECT_EQ(log_label("abc"), "ba7816bf8f01cfea"); }

}  // namespace
}  // namespace userinfo
