#include "http/request_id.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::http {
namespace {

using test::request_with;

TEST(request_id, is_the_clients_own_if_it_is_usable) {
    for (const auto& id : {std::string("a"), std::string("AZaz09._-"), std::string(64, 'x')}) {
        EXPECT_EQ(request_id_of(request_with({{"x-request-id", id}})), id);
    }
}

TEST(request_id, is_a_new_one_otherwise) {
    for (const auto& id :
         {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\"b"), std::string("a\tb"),
          std::string("caf\xc3\xa9"), std::string("a,b"), std::string("a/b"), std::string("a\0b", 3)}) {
        const auto made = request_id_of(request_with({{"X-Request-Id", id}}));
        EXPECT_NE(made, id);
        EXPECT_EQ(made.size(), 15U);
        EXPECT_TRUE(std::ranges::all_of(made, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'v'); }))
            << made;
    }
}

TEST(request_id, is_never_the_same_twice) {
    std::set<std::string> made;
    for (int i = 0; i < 1000; ++i) made.insert(request_id_of(request_with({})));
    EXPECT_EQ(made.size(), 1000U);
}

}  // namespace
}  // namespace userinfo::http
