#include "gateway/pages.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/project_file.h"
#include "unit/gateway/gateway_fixture.h"
#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::header_list;
using http::test::request_with;
using http::test::values_of;

constexpr std::string_view style = "/styles/tokens.css";
constexpr std::string_view browser = "text/html,application/xhtml+xml,*/*;q=0.8";

class pages_test : public testing::Test {
protected:
    std::optional<http::reply> ask(std::string_view path, header_list headers = {},
                                   http::method method = http::method::get) const {
        auto request = request_with(std::move(headers), method);
        request.path = path;
        return pages_.answer(request);
    }

    std::string etag_of(std::string_view path, header_list headers = {}) const {
        return values_of(*ask(path, std::move(headers)), "ETag").at(0);
    }

    const pages pages_{http::hsts::none};
};

std::string source(std::string_view path) {
    return userinfo::test::read_project_file(("web" + std::string(path)).c_str());
}

TEST_F(pages_test, every_file_of_the_folder_is_served_as_it_is) {
    std::size_t files = 0;
    const std::filesystem::path folder = userinfo::test::project_file("web");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const auto path = '/' + std::filesystem::relative(entry.path(), folder).generic_string();
        if (!entry.is_regular_file() || path == "/index.html") continue;
        ++files;
        const auto reply = ask(path);
        ASSERT_TRUE(reply) << path;
        EXPECT_EQ(reply->status, 200u);
        EXPECT_EQ(reply->body, source(path));
    }
    EXPECT_EQ(files, web_files().size() - 1);
}

TEST_F(pages_test, the_frame_stands_at_each_address_of_a_page_and_at_no_other) {
    for (const auto path : page_paths()) {
        const auto reply = ask(path);
        ASSERT_TRUE(reply) << path;
        EXPECT_EQ(reply->status, 200u);
        EXPECT_EQ(reply->content_type, "text/html; charset=utf-8");
        EXPECT_EQ(reply->body, source("/index.html"));
    }
    EXPECT_FALSE(ask("/index.html"));
}

TEST_F(pages_test, the_addresses_are_those_of_the_script_and_of_nginx) {
    const auto script = source("/router.js");
    const auto nginx = userinfo::test::read_project_file("deploy/nginx/userinfo.conf");
    std::string in_script, in_nginx;
    for (const auto path : page_paths()) {
        in_script += (in_script.empty() ? "\"" : ", \"") + std::string(path) + '"';
        if (path != "/") in_nginx += (in_nginx.empty() ? "" : "|") + std::string(path.substr(1));
    }
    EXPECT_TRUE(script.contains("export const paths = [" + in_script + "];")) << in_script;
    EXPECT_TRUE(nginx.contains("location ~ ^/(" + in_nginx + ")?\\z {")) << in_nginx;
}

TEST_F(pages_test, a_browser_that_reads_gzip_gets_it) {
    for (const auto* accepted : {"gzip", "br, gzip", "gzip;q=0.5", "deflate, *", "GZIP", "x-gzip"}) {
        const auto reply = ask(style, {{"Accept-Encoding", accepted}});
        EXPECT_EQ(values_of(*reply, "Content-Encoding"), std::vector<std::string>{"gzip"}) << accepted;
        EXPECT_LT(reply->body.size(), source(style).size());
    }
}

TEST_F(pages_test, who_does_not_read_gzip_does_not_get_it) {
    for (const auto* accepted : {"", "br", "gzip;q=0", "gzip; Q=0.000", "*;q=0", "gzip;q=0, *", "notgzip"}) {
        const auto reply = ask(style, {{"Accept-Encoding", accepted}});
        EXPECT_TRUE(values_of(*reply, "Content-Encoding").empty()) << accepted;
        EXPECT_EQ(reply->body, source(style));
    }
}

TEST_F(pages_test, what_the_client_has_is_not_sent_again) {
    const auto etag = etag_of(style);
    for (const auto& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
        const auto reply = ask(style, {{"If-None-Match", known}});
        EXPECT_EQ(reply->status, 304u) << known;
        EXPECT_TRUE(reply->body.empty());
        EXPECT_EQ(values_of(*reply, "ETag"), std::vector<std::string>{etag});
    }
    EXPECT_EQ(ask(style, {{"If-None-Match", "\"other\""}, {"If-None-Match", etag}})->status, 304u);
    for (const auto* other : {"\"other\"", "\"a,*,b\"", "*, \"other\"", "other", ""}) {
        EXPECT_EQ(ask(style, {{"If-None-Match", other}})->status, 200u) << other;
    }
}

TEST_F(pages_test, another_version_than_the_client_asks_for_is_not_sent) {
    const auto etag = etag_of(style);
    for (const auto& known : {etag, "\"other\", " + etag, std::string("*"), std::string("no list")}) {
        EXPECT_EQ(ask(style, {{"If-Match", known}})->status, 200u) << known;
    }
    for (const auto& other : {std::string("\"other\""), "W/" + etag, std::string()}) {
        const auto reply = ask(style, {{"If-Match", other}, {"If-None-Match", etag}});
        EXPECT_EQ(reply->status, 412u) << other;
        EXPECT_TRUE(reply->body.starts_with("{\"code\":100005,")) << reply->body;
        EXPECT_TRUE(reply->fixed_lines.contains("Content-Security-Policy"));
    }
}

TEST_F(pages_test, another_coding_is_another_representation) {
    EXPECT_NE(etag_of(style), etag_of(style, {{"Accept-Encoding", "gzip"}}));
    const auto reply = ask(style, {{"If-None-Match", etag_of(style)}, {"Accept-Encoding", "gzip"}});
    EXPECT_EQ(reply->status, 200u);
}

TEST_F(pages_test, a_browser_that_went_astray_is_shown_the_frame_as_not_found) {
    const auto reply = ask("/no/such/page", {{"Accept", browser}, {"If-None-Match", "*"}});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 404u);
    EXPECT_EQ(reply->body, source("/index.html"));
    EXPECT_TRUE(values_of(*reply, "ETag").empty());
}

TEST_F(pages_test, programs_that_went_astray_get_no_page) {
    EXPECT_FALSE(ask("/no/such/page"));
    EXPECT_FALSE(ask("/no/such/page", {{"Accept", "*/*"}}));
    EXPECT_FALSE(ask("/no/such/page", {{"Accept", "application/json, text/html;q=0"}}));
    EXPECT_FALSE(ask("/no/such/page", {{"Accept", browser}}, http::method::post));
    EXPECT_FALSE(ask("/api/no/such/path", {{"Accept", browser}}));
    EXPECT_FALSE(ask("/.well-known/other", {{"Accept", browser}}));
}

TEST_F(pages_test, pages_are_only_read) {
    const auto reply = ask("/login", {}, http::method::post);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 405u);
    EXPECT_EQ(values_of(*reply, "Allow"), std::vector<std::string>{"GET, HEAD, OPTIONS"});
    const auto options = ask("/main.js", {}, http::method::options);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->status, 204u);
    EXPECT_EQ(values_of(*options, "Allow"), std::vector<std::string>{"GET, HEAD, OPTIONS"});
    EXPECT_FALSE(ask("/nowhere", {{"Accept", browser}}, http::method::options));
    EXPECT_EQ(ask("/login", {}, http::method::head)->status, 200u);
}

TEST_F(pages_test, a_keeper_of_passwords_finds_where_they_are_changed) {
    const auto reply = ask("/.well-known/change-password");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 302u);
    EXPECT_EQ(values_of(*reply, "Location"), std::vector<std::string>{"/security"});
    EXPECT_TRUE(std::ranges::count(page_paths(), "/security") == 1);
}

TEST_F(pages_test, no_path_leads_out_of_the_folder) {
    for (const auto path : {"/../CMakeLists.txt", "/styles/../index.html", "/styles/", "/styles", "//login", "/login/",
                            "/%2e%2e/README.md", "/styles%2ftokens.css", "/LOGIN"}) {
        EXPECT_FALSE(ask(path)) << path;
    }
}

TEST(pages, can_have_a_path_to_themselves) {
    for (const auto* path : {"/account", "/a/b-1_2", "/apis", "/x/api"}) EXPECT_EQ(parse_pages_path(path), path);
    EXPECT_EQ(parse_pages_path("/"), "");
    EXPECT_EQ(parse_pages_path('/' + std::string(99, 'a')).size(), 100u);
    const auto complaint = [](const std::string& path) -> std::string {
        try {
            return parse_pages_path(path) + " is a path";
        } catch (const std::invalid_argument& why) {
            return why.what();
        }
    };
    EXPECT_EQ(complaint("account"), "'account' is not a path such as /account");
    EXPECT_EQ(complaint("/api/x"), "'/api/x' is taken by the API");
    for (const auto& path :
         {std::string(""), std::string("/account/"), std::string("//account"), std::string("/a//b"),
          std::string("/Account"), std::string("/a b"), std::string("/a.b"), std::string("/%61"), std::string("/api"),
          std::string("/healthz"), std::string("/.well-known"), '/' + std::string(100, 'a')})
        EXPECT_TRUE(complaint(path).starts_with("'" + path + "' is ")) << complaint(path);
}

TEST(pages, say_by_https_that_they_are_to_be_asked_for_by_https) {
    auto request = request_with({});
    request.path = "/";
    const auto lines_of = [&](http::hsts asked) { return pages(asked).answer(request)->fixed_lines; };
    const auto by_https = lines_of(http::hsts::host);
    const auto by_http = lines_of(http::hsts::none);
    EXPECT_TRUE(by_https.starts_with("Strict-Transport-Security: max-age=31536000\r\n"));
    EXPECT_TRUE(by_https.ends_with(by_http));
    const auto for_subdomains = lines_of(http::hsts::subdomains);
    EXPECT_TRUE(for_subdomains.starts_with("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"));
    EXPECT_TRUE(for_subdomains.ends_with(by_http));
    request.path = "/main.js";
    EXPECT_TRUE(lines_of(http::hsts::host).starts_with("Strict-Transport-Security: max-age=31536000\r\n"));
    EXPECT_FALSE(lines_of(http::hsts::none).contains("Strict-Transport-Security"));
    EXPECT_FALSE(by_http.contains("Strict-Transport-Security"));
    EXPECT_TRUE(by_http.ends_with("\r\n"));
    for (const auto* part :
         {"frame-ancestors 'none'", "script-src 'self';", "style-src 'self';", "default-src 'none'"}) {
        EXPECT_TRUE(by_http.contains(part)) << part;
    }
    EXPECT_FALSE(by_http.contains("unsafe"));
}

TEST_F(pages_test, all_that_can_be_shown_by_itself_has_the_policy) {
    for (const auto path : {"/", "/icon.svg", "/.well-known/change-password"}) {
        EXPECT_TRUE(ask(path)->fixed_lines.contains("Content-Security-Policy: default-src 'none';")) << path;
    }
    EXPECT_TRUE(ask("/astray", {{"Accept", browser}})->fixed_lines.contains("Content-Security-Policy"));
    EXPECT_TRUE(ask("/main.js")->fixed_lines.ends_with("Cross-Origin-Resource-Policy: same-origin\r\n"));
}

}  // namespace
}  // namespace userinfo::gateway
