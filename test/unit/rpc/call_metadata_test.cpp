#include "rpc/call_metadata.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace userinfo::rpc {
namespace {

// The value of the authorization field; empty: there is none.
std::string authorization_for(const std::string& access_token) {
    const auto sent = metadata_of({.request_id = "r",
                                   .deadline = {},
                                   .address = "192.0.2.1",
                                   .user_agent = "a",
                                   .access_token = access_token,
                                   .trace = {}});
    const auto found = std::ranges::find(sent, "authorization", [](const auto& field) { return field.key; });
    return found == sent.end() ? "" : found->value;
}

TEST(call_metadata, has_the_token_as_a_bearer) {
    EXPECT_EQ(authorization_for("eyJ.Az09-._~+/="), "Bearer eyJ.Az09-._~+/=");
    EXPECT_EQ(authorization_for(""), "");
}

TEST(call_metadata, has_no_token_with_bytes_that_a_token_cannot_have) {
    for (const auto* const bad : {"a b", "a\r\nx: y", "a\n", "\ta", "a\x7f", "a\xff", "a,b", "a\"b"})
        EXPECT_EQ(authorization_for(bad), "") << bad;
}

}  // namespace
}  // namespace userinfo::rpc
