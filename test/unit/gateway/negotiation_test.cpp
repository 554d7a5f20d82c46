#include "gateway/negotiation.h"

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::request_with;

TEST(is_encoded, is_a_body_with_a_coding_other_than_identity) {
    for (const auto* coding : {"gzip", "identity, gzip", ",br", "identityx", "gzip;q=0"}) {
        EXPECT_TRUE(is_encoded(request_with({{"content-encoding", coding}}))) << coding;
    }
    for (const auto* coding : {"identity", "IDENTITY", "identity, identity", "", " , "}) {
        EXPECT_FALSE(is_encoded(request_with({{"Content-Encoding", coding}}))) << coding;
    }
    EXPECT_TRUE(is_encoded(request_with({{"Content-Encoding", "identity"}, {"Content-Encoding", "gzip"}})));
    EXPECT_FALSE(is_encoded(request_with({{"Accept-Encoding", "gzip"}})));
}

}  // namespace
}  // namespace userinfo::gateway
