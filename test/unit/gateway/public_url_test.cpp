#include "gateway/public_url.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::gateway {
namespace {

using origins = std::vector<std::string>;

TEST(public_url, is_read_into_its_parts) {
    struct {
        const char *given, *text, *scheme, *host, *port;
    } const cases[]{
        {"https://id.example.com", "https://id.example.com", "https", "id.example.com", "443"},
        {"https://id.example.com/", "https://id.example.com", "https", "id.example.com", "443"},
        {"HTTPS://ID.Example.COM", "https://id.example.com", "https", "id.example.com", "443"},
        {"https://id.example.com:443", "https://id.example.com", "https", "id.example.com", "443"},
        {"https://id.example.com:0443", "https://id.example.com", "https", "id.example.com", "443"},
        {"https://id.example.com:", "https://id.example.com", "https", "id.example.com", "443"},
        {"https://id.example.com:80", "https://id.example.com:80", "https", "id.example.com", "80"},
        {"http://id.example.com:80/", "http://id.example.com", "http", "id.example.com", "80"},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "http", "127.0.0.1", "8080"},
        {"http://[::1]:8080", "http://[::1]:8080", "http", "[::1]", "8080"},
        {"https://[2001:DB8::1]", "https://[2001:db8::1]", "https", "[2001:db8::1]", "443"},
        {"http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080", "http", "[::1]", "8080"},
        {"https://[2001:db8:0:0::0001]", "https://[2001:db8::1]", "https", "[2001:db8::1]", "443"},
    };
    for (const auto& [given, text, scheme, host, port] : cases) {
        const auto url = public_url::parse(given);
        EXPECT_EQ(url.text, text) << given;
        EXPECT_EQ(url.scheme, scheme) << given;
        EXPECT_EQ(url.host, host) << given;
        EXPECT_EQ(url.port, port) << given;
        EXPECT_EQ(url.is_https(), url.scheme == "https") << given;
    }
}

TEST(public_url, is_a_scheme_a_host_and_a_port_and_nothing_else) {
    for (const auto* text : {"",
                             "id.example.com",
                             "//id.example.com",
                             "/",
                             "https:",
                             "https://",
                             "https:///",
                             "https://:443",
                             "ftp://id.example.com",
                             "file:///etc",
                             "https://id.example.com/userinfo",
                             "https://id.example.com//",
                             "https://id.example.com?",
                             "https://id.example.com?a=b",
                             "https://id.example.com#",
                             "https://id.example.com/#top",
                             "https://ada@id.example.com",
                             "https://ada:pass@id.example.com",
                             "https://@id.example.com",
                             "https://%69d.example.com",
                             "https://id.example.com:99999",
                             "https://id.example.com:0",
                             "https://id.example.com:x",
                             "https://id.example.com:-1",
                             "https://id example.com",
                             " https://id.example.com",
                             "https://id.example.com ",
                             "https://[::1",
                             "javascript:alert(1)"}) {
        EXPECT_THROW(public_url::parse(text), std::invalid_argument) << text;
    }
}

TEST(public_url, tells_the_operator_what_was_wrong) {
    try {
        public_url::parse("id.example.com");
        FAIL();
    } catch (const std::invalid_argument& why) {
        EXPECT_STREQ(why.what(), "'id.example.com' is not a URL such as https://id.example.com");
    }
}

TEST(public_url, allows_its_own_origin_as_browsers_write_it) {
    EXPECT_EQ(public_url::parse("https://id.example.com").allowed_origins(), origins{"https://id.example.com"});
    EXPECT_EQ(public_url::parse("https://ID.example.com:443/").allowed_origins(), origins{"https://id.example.com"});
    EXPECT_EQ(public_url::parse("https://id.example.com:8443").allowed_origins(),
              origins{"https://id.example.com:8443"});
    EXPECT_EQ(public_url::parse("http://id.example.com:80").allowed_origins(), origins{"http://id.example.com"});
    EXPECT_EQ(public_url::parse("http://127.0.0.2:8080").allowed_origins(), origins{"http://127.0.0.2:8080"});
}

TEST(public_url, on_loopback_allows_its_three_spellings) {
    const origins all{"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"};
    for (const auto* text :
         {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://LOCALHOST:8080/"}) {
        EXPECT_TRUE(public_url::parse(text).is_loopback()) << text;
        EXPECT_EQ(public_url::parse(text).allowed_origins(), all) << text;
    }
    EXPECT_EQ(public_url::parse("https://localhost").allowed_origins(),
              (origins{"https://127.0.0.1", "https://localhost", "https://[::1]"}));
    EXPECT_FALSE(public_url::parse("http://localhost.example.com").is_loopback());
}

}  // namespace
}  // namespace userinfo::gateway
