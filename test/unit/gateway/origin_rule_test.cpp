#include "gateway/origin_rule.h"

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::method;
using http::test::header_list;
using http::test::request_with;

const origin_rule rule({"https://id.example.com", "http://localhost:8080"});

TEST(origin_rule, decides_by_origin_and_fetch_site) {
    const struct {
        header_list headers;
        bool allowed;
    } cases[]{
        {{}, true},
        {{{"Origin", "https://id.example.com"}}, true},
        {{{"origin", "http://localhost:8080"}}, true},
        {{{"Origin", "null"}}, false},
        {{{"Origin", "https://evil.example"}}, false},
        {{{"Origin", "http://id.example.com"}}, false},
        {{{"Origin", "https://id.example.com:443"}}, false},
        {{{"Origin", "https://id.example.com/"}}, false},
        {{{"Origin", "https://id.example.com.evil.example"}}, false},
        {{{"Origin", "https://www.id.example.com"}}, false},
        {{{"Origin", "HTTPS://ID.EXAMPLE.COM"}}, false},  // browsers send it in lower case
        {{{"Origin", "http://localhost"}}, false},
        {{{"Origin", "http://127.0.0.1:8080"}}, false},
        {{{"Origin", "https://id.example.com https://evil.example"}}, false},
        {{{"Origin", "https://id.example.com"}, {"Origin", "https://id.example.com"}}, false},
        {{{"Origin", "https://id.example.com"}, {"Origin", "https://evil.example"}}, false},
        {{{"Sec-Fetch-Site", "same-origin"}}, true},
        {{{"Sec-Fetch-Site", "none"}}, true},
        {{{"Sec-Fetch-Site", "same-site"}}, false},
        {{{"Sec-Fetch-Site", "cross-site"}}, false},
        {{{"sec-fetch-site", "something-new"}}, false},
        {{{"Origin", "https://id.example.com"}, {"Sec-Fetch-Site", "same-origin"}}, true},
        {{{"Origin", "https://id.example.com"}, {"Sec-Fetch-Site", "cross-site"}}, false},
        {{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-origin"}}, false},
        {{{"Origin", ""}}, false},
        {{{"Sec-Fetch-Site", ""}}, false},
        {{{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}, false},
        {{{"Referer", "https://evil.example/"}}, true},
    };
    for (const auto unsafe : {method::post, method::put, method::delete_, method::other}) {
        for (const auto& [headers, allowed] : cases) {
            EXPECT_EQ(rule.allows(request_with(headers, unsafe)), allowed)
                << to_string(unsafe) << ' ' << (headers.empty() ? "" : headers.back().value);
        }
    }
}

TEST(origin_rule, lets_safe_methods_pass_from_anywhere) {
    for (const auto safe : {method::get, method::head, method::options}) {
        EXPECT_TRUE(
            rule.allows(request_with({{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}}, safe)))
            << to_string(safe);
    }
}

}  // namespace
}  // namespace userinfo::gateway
