#include "base/hmac_sha256.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/hex.h"

namespace userinfo {
namespace {

using key = std::vector<std::uint8_t>;

TEST(hmac_sha256, is_that_of_rfc_4231) {
    const struct {
        key key;
        std::string message, mac;
    } cases[]{
        {key(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {key{'J', 'e', 'f', 'e'}, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {key(20, 0xaa), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {key(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    for (const auto& [key, message, mac] : cases) EXPECT_EQ(to_hex(hmac_sha256(key, {message})), mac) << message;
}

TEST(hmac_sha256, of_parts_is_that_of_the_whole) {
    const key key(32, 7);
    EXPECT_EQ(hmac_sha256(key, {"what do", "", " ya want"}), hmac_sha256(key, {"what do ya want"}));
    EXPECT_NE(hmac_sha256(key, {"what do"}), hmac_sha256(key, {"what do ya want"}));
}

}  // namespace
}  // namespace userinfo
