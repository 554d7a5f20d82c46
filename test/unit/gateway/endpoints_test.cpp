#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "gateway/endpoint.h"
#include "support/project_file.h"

namespace userinfo::gateway {
namespace {

namespace json = boost::json;

// "GET /api/account"
using operations = std::set<std::string>;

std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return result;
}

const std::set<std::string_view> methods{"get", "head", "post", "put", "delete", "options", "patch"};

// A path with servers of its own is the management listener's.
operations described(bool of_management) {
    operations found;
    const auto document = json::parse(userinfo::test::read_project_file("src/gateway/openapi.json"));
    for (const auto& [path, item] : document.at("paths").as_object()) {
        if (item.as_object().contains("servers") != of_management) continue;
        for (const auto& [key, operation] : item.as_object()) {
            if (methods.contains(key)) found.insert(upper(key) + ' ' + std::string(path));
        }
    }
    return found;
}

TEST(endpoints, are_what_the_api_description_describes) {
    operations offered;
    for (const auto& endpoint : endpoints())
        offered.insert(std::string(to_string(endpoint.method)) + ' ' + std::string(endpoint.pattern));
    EXPECT_EQ(offered.size(), endpoints().size());
    EXPECT_EQ(offered, described(false));
}

TEST(endpoints, of_the_management_listener_are_described_apart) {
    EXPECT_EQ(described(true), (operations{"GET /metrics", "GET /readyz"}));
}

TEST(endpoints, that_need_a_session_are_those_that_the_description_secures) {
    const auto document = json::parse(userinfo::test::read_project_file("src/gateway/openapi.json"));
    for (const auto& endpoint : endpoints()) {
        auto key = std::string(to_string(endpoint.method));
        std::ranges::transform(key, key.begin(), [](char c) { return static_cast<char>(c + 32); });
        const auto& operation = document.at("paths").at(endpoint.pattern).at(key);
        const auto& ways = operation.at("security").as_array();
        const bool anonymous =
            ways.empty() || std::ranges::any_of(ways, [](const json::value& way) { return way.as_object().empty(); });
        EXPECT_EQ(endpoint.access == access::session, !anonymous) << key << ' ' << endpoint.pattern;
    }
}

}  // namespace
}  // namespace userinfo::gateway
