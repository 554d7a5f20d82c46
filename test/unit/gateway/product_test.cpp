#include "gateway/product.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace userinfo::gateway {
namespace {

// What is wrong with it; empty: nothing.
std::string complaint(std::string (*parse)(std::string_view), const std::string& text) {
    try {
        EXPECT_EQ(parse(text), text);
        return "";
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
}

TEST(product, has_a_name_of_one_line) {
    for (const auto* name : {"Shop", "Ada's Engines & Co", "商店", "x"})
        EXPECT_EQ(complaint(parse_product_name, name), "") << name;
    EXPECT_EQ(complaint(parse_product_name, std::string(64, 'x')), "");
    EXPECT_EQ(complaint(parse_product_name, " "), "' ' is not a name of 1 to 64 characters on one line");
    for (const auto& name : {std::string(), std::string(65, 'x'), std::string("a\nb"), std::string("\xff"),
                             std::string("a\xe2\x80\xae"), std::string("\xe2\x80\x8b")})
        EXPECT_NE(complaint(parse_product_name, name), "") << name;
}

TEST(product, has_a_home_that_a_browser_reads_in_one_way) {
    for (const auto* home : {"/", "/app", "/app/x?a=b#c", "/apis", "/a/api", "/app//x", "https://app.example.com",
                             "http://localhost:3000/", "https://app.example.com/api/start", "HTTPS://app.example.com/"})
        EXPECT_EQ(complaint(parse_home, home), "") << home;
    EXPECT_EQ(complaint(parse_home, '/' + std::string(1999, 'a')), "");
    EXPECT_EQ(complaint(parse_home, "app"),
              "'app' is neither a path such as /app nor a URL such as https://app.example.com/");
    for (const auto& home : {"", "//evil.example", "/\\evil.example", "https:evil.example", "https:///x",
                             "javascript:x", "ftp://app.example.com/", "https://me@app.example.com/",
                             "/.//evil.example", "/a/../b", "/%2e%2E/b", "/a b", "/a\tb", "/ä", "/%zz", "?a", "#a"})
        EXPECT_NE(complaint(parse_home, home), "") << home;
    EXPECT_NE(complaint(parse_home, '/' + std::string(2000, 'a')), "");
}

TEST(product, is_not_at_home_in_the_api) {
    EXPECT_EQ(complaint(parse_home, "/api/account"), "'/api/account' belongs to the API, which shows no page");
    for (const auto* home : {"/api", "/API/", "/%61pi/account", "/api?x", "/api#x"})
        EXPECT_NE(complaint(parse_home, home), "") << home;
}

TEST(product, is_led_to_by_exact_origins) {
    for (const auto* origin : {"https://app.example.com", "http://localhost:3000", "https://app.example.com:8443",
                               "https://xn--bcher-kva.example", "http://[::1]:3000", "https://192.0.2.7"})
        EXPECT_EQ(complaint(parse_return_origin, origin), "") << origin;
    EXPECT_EQ(complaint(parse_return_origin, "https://app.example.com/"),
              "'https://app.example.com/' is not an origin as browsers write it; that is 'https://app.example.com'");
    EXPECT_EQ(complaint(parse_return_origin, "https://*.example.com"),
              "'https://*.example.com' is not the origin of one host, such as https://app.example.com");
    for (const auto* origin :
         {"", "*", "null", "app.example.com", "//app.example.com", "https://", "https:app.example.com",
          "https://app.example.com:443", "https://APP.example.com", "https://app.example.com/x",
          "https://me@app.example.com", "https://app.example.com?x", "https://bücher.example",
          "https://app.example.com:0", "https://app.example.com:99999", "ftp://app.example.com",
          "https://%61pp.example.com", "https://a,b.example.com", "https://app.example.com#"})
        EXPECT_NE(complaint(parse_return_origin, origin), "") << origin;
}

}  // namespace
}  // namespace userinfo::gateway
