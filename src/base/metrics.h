// The program's Prometheus metrics. This interface hides prometheus-cpp, whose headers cost seconds in every file.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace userinfo {

using metric_labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A number that only grows. Thread-safe; costs a few nanoseconds.
class counter {
public:
    virtual ~counter() = default;
    virtual void add(std::uint64_t amount = 1) = 0;
};

// A histogram of durations. Thread-safe; costs some tens of nanoseconds. The bucket bounds run from 50 µs to 10 s.
class latency_histogram {
public:
    virtual ~latency_histogram() = default;
    virtual void observe(std::chrono::nanoseconds took) = 0;
};

// Owns all metrics. Returned references live as long as this object. Thread-safe.
class metrics {
public:
    metrics();
    ~metrics();

    // Return the existing metric if the name and labels are the same. Names follow Prometheus's conventions:
    // userinfo_..., _total for counters, _seconds for latencies.
    userinfo::counter& counter(std::string_view name, std::string_view help, metric_labels labels = {});
    latency_histogram& latency(std::string_view name, std::string_view help, metric_labels labels = {});

    // Values read on demand: `read` is called on the thread that calls `text`, and replaces an earlier one of the same
    // name and labels. The value of a counter must only grow.
    void gauge(std::string_view name, std::string_view help, std::function<double()> read, metric_labels labels = {});
    void observed_counter(std::string_view name, std::string_view help, std::function<double()> read,
                          metric_labels labels = {});

    // All metrics in Prometheus's text format 0.0.4.
    std::string text() const;

private:
    class registry;
    std::unique_ptr<registry> registry_;
};

// Measures its own lifetime.
class latency_timer {
public:
    explicit latency_timer(latency_histogram& histogram) : histogram_(histogram) {}
    ~latency_timer() { histogram_.observe(std::chrono::steady_clock::now() - begin_); }

    latency_timer(const latency_timer&) = delete;
    latency_timer& operator=(const latency_timer&) = delete;

private:
    latency_histogram& histogram_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace userinfo
