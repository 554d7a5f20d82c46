#include "gateway/request_figures.h"

#include <array>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::array table{http::route{http::method::get, "/things/{id}"},
                           http::route{http::method::put, "/things/{id}"}};
constexpr std::size_t no_route = table.size();

bool has_line(const metrics& metrics, const std::string& line) {
    return ("\n" + metrics.text()).contains("\n" + line + "\n");
}

TEST(request_figures, count_by_method_route_and_status) {
    metrics metrics;
    request_figures figures(metrics, table);
    figures.record(0, 200, 1ms);
    figures.record(0, 200, 1ms);
    figures.record(0, 404, 1ms);
    figures.record(1, 412, 1ms);
    figures.record(no_route, 404, 1ms);
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_requests_total{method="GET",route="/things/{id}",status="200"} 2)"));
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_requests_total{method="GET",route="/things/{id}",status="404"} 1)"));
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_requests_total{method="PUT",route="/things/{id}",status="412"} 1)"));
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_requests_total{method="other",route="none",status="404"} 1)"));
}

TEST(request_figures, list_only_the_statuses_that_were_sent) {
    metrics metrics;
    request_figures figures(metrics, table);
    EXPECT_FALSE(metrics.text().contains("userinfo_http_requests_total{"));
    figures.record(1, 599, 1ms);
    figures.record(1, 100, 1ms);
    EXPECT_FALSE(metrics.text().contains("status=\"200\""));
    EXPECT_TRUE(metrics.text().contains("status=\"599\""));
}

TEST(request_figures, measure_by_route) {
    metrics metrics;
    request_figures figures(metrics, table);
    figures.record(0, 200, 3ms);
    figures.record(0, 500, 3ms);
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_request_seconds_count{method="GET",route="/things/{id}"} 2)"));
    EXPECT_TRUE(
        has_line(metrics, R"(userinfo_http_request_seconds_bucket{method="GET",route="/things/{id}",le="0.0025"} 0)"));
    EXPECT_TRUE(
        has_line(metrics, R"(userinfo_http_request_seconds_bucket{method="GET",route="/things/{id}",le="0.005"} 2)"));
    EXPECT_TRUE(has_line(metrics, R"(userinfo_http_request_seconds_count{method="PUT",route="/things/{id}"} 0)"));
}

TEST(request_figures, name_routes_by_their_pattern) {
    metrics metrics;
    const request_figures figures(metrics, table);
    EXPECT_EQ(figures.name(0), "/things/{id}");
    EXPECT_EQ(figures.name(no_route), "none");
}

TEST(request_figures, lose_no_count_to_another_thread) {
    metrics metrics;
    request_figures figures(metrics, table);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&figures] {
            for (int k = 0; k < 500; ++k) figures.record(0, 200, 1us);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_TRUE(
        has_line(metrics, R"(userinfo_http_requests_total{method="GET",route="/things/{id}",status="200"} 2000)"));
}

}  // namespace
}  // namespace userinfo::gateway
