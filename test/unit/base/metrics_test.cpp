#include "base/metrics.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

bool has_line(const metrics& figures, const std::string& line) {
    return ("\n" + figures.text()).find("\n" + line + "\n") != std::string::npos;
}

TEST(metrics, writes_counters_with_their_labels) {
    metrics figures;
    auto& requests = figures.counter("userinfo_requests_total", "Requests", {{"route", "/a"}, {"status", "200"}});
    requests.add();
    requests.add(4);
    EXPECT_TRUE(has_line(figures, "# HELP userinfo_requests_total Requests"));
    EXPECT_TRUE(has_line(figures, "# TYPE userinfo_requests_total counter"));
    EXPECT_TRUE(has_line(figures, R"(userinfo_requests_total{route="/a",status="200"} 5)")) << figures.text();
}

TEST(metrics, the_same_name_and_labels_give_the_same_metric) {
    metrics figures;
    figures.counter("userinfo_a_total", "a", {{"x", "1"}}).add();
    figures.counter("userinfo_a_total", "a", {{"x", "1"}}).add();
    figures.counter("userinfo_a_total", "a", {{"x", "2"}}).add();
    EXPECT_TRUE(has_line(figures, R"(userinfo_a_total{x="1"} 2)"));
    EXPECT_TRUE(has_line(figures, R"(userinfo_a_total{x="2"} 1)"));
}

TEST(metrics, reads_a_gauge_when_somebody_asks) {
    metrics figures;
    double value = 1;
    figures.gauge("userinfo_waiting", "Waiting", [&value] { return value; });
    EXPECT_TRUE(has_line(figures, "userinfo_waiting 1"));
    value = 7.5;
    EXPECT_TRUE(has_line(figures, "userinfo_waiting 7.5"));
}

TEST(metrics, reads_a_counter_when_somebody_asks) {
    metrics figures;
    double value = 1;
    figures.observed_counter("userinfo_lost_total", "Lost", [&value] { return value; }, {{"from", "log"}});
    EXPECT_TRUE(has_line(figures, "# TYPE userinfo_lost_total counter")) << figures.text();
    EXPECT_TRUE(has_line(figures, R"(userinfo_lost_total{from="log"} 1)"));
    value = 7;
    EXPECT_TRUE(has_line(figures, R"(userinfo_lost_total{from="log"} 7)"));
}

TEST(metrics, a_name_has_one_value_for_the_same_labels) {
    metrics figures;
    for (const double value : {1., 2.})
        figures.gauge("userinfo_open", "Open", [value] { return value; }, {{"at", "a"}});
    figures.gauge("userinfo_open", "Open", [] { return 3.; }, {{"at", "b"}});
    EXPECT_FALSE(has_line(figures, R"(userinfo_open{at="a"} 1)"));
    EXPECT_TRUE(has_line(figures, "# TYPE userinfo_open gauge\nuserinfo_open{at=\"a\"} 2\nuserinfo_open{at=\"b\"} 3"))
        << figures.text();
}

// Of a time in seconds since 1970, six digits would be days.
TEST(metrics, keeps_all_digits_of_a_large_value) {
    metrics figures;
    figures.gauge("userinfo_start_seconds", "Start", [] { return 1796000123.25; });
    EXPECT_TRUE(has_line(figures, "userinfo_start_seconds 1796000123.25")) << figures.text();
}

TEST(metrics, sorts_latencies_into_buckets) {
    metrics figures;
    auto& took = figures.latency("userinfo_took_seconds", "Took");
    took.observe(2ms);
    took.observe(20s);
    EXPECT_TRUE(has_line(figures, R"(userinfo_took_seconds_bucket{le="0.001"} 0)")) << figures.text();
    EXPECT_TRUE(has_line(figures, R"(userinfo_took_seconds_bucket{le="0.0025"} 1)"));
    EXPECT_TRUE(has_line(figures, R"(userinfo_took_seconds_bucket{le="10"} 1)"));
    EXPECT_TRUE(has_line(figures, R"(userinfo_took_seconds_bucket{le="+Inf"} 2)"));
    EXPECT_TRUE(has_line(figures, "userinfo_took_seconds_count 2"));
    EXPECT_TRUE(has_line(figures, "userinfo_took_seconds_sum 20.002"));
}

TEST(metrics, a_timer_observes_once_at_its_end) {
    metrics figures;
    auto& took = figures.latency("userinfo_took_seconds", "Took");
    {
        const latency_timer timer(took);
        EXPECT_TRUE(has_line(figures, "userinfo_took_seconds_count 0"));
    }
    EXPECT_TRUE(has_line(figures, "userinfo_took_seconds_count 1"));
}

}  // namespace
}  // namespace userinfo
