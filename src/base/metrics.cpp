#include "base/metrics.h"

#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace userinfo {

namespace {

const prometheus::Histogram::BucketBoundaries seconds_bounds{
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

prometheus::Labels to_labels(metric_labels labels) {
    prometheus::Labels map;
    for (const auto& [name, value] : labels) map.emplace(name, value);
    return map;
}

class prometheus_counter final : public counter {
public:
    explicit prometheus_counter(prometheus::Counter& counter) : counter_(counter) {}
    void add(std::uint64_t amount) override { counter_.Increment(static_cast<double>(amount)); }

private:
    prometheus::Counter& counter_;
};

class prometheus_histogram final : public latency_histogram {
public:
    explicit prometheus_histogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
    void observe(std::chrono::nanoseconds took) override {
        histogram_.Observe(std::chrono::duration<double>(took).count());
    }

private:
    prometheus::Histogram& histogram_;
};

}  // namespace

class metrics::registry {
public:
    userinfo::counter& counter(std::string_view name, std::string_view help, metric_labels labels) {
        auto& family = prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(registry_);
        auto& raw = family.Add(to_labels(labels));
        const std::scoped_lock lock(mutex_);
        return counters_.try_emplace(&raw, raw).first->second;
    }

    latency_histogram& latency(std::string_view name, std::string_view help, metric_labels labels) {
        auto& family = prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help)).Register(registry_);
        auto& raw = family.Add(to_labels(labels), seconds_bounds);
        const std::scoped_lock lock(mutex_);
        return histograms_.try_emplace(&raw, raw).first->second;
    }

    void gauge(std::string_view name, std::string_view help, std::function<double()> read, metric_labels labels) {
        auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(registry_);
        auto& raw = family.Add(to_labels(labels));
        const std::scoped_lock lock(mutex_);
        gauges_.emplace_back(&raw, std::move(read));
    }

    std::string text() const {
        const std::scoped_lock lock(mutex_);
        for (const auto& [gauge, read] : gauges_) gauge->Set(read());
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

private:
    mutable std::mutex mutex_;
    prometheus::Registry registry_;
    std::map<prometheus::Counter*, prometheus_counter> counters_;
    std::map<prometheus::Histogram*, prometheus_histogram> histograms_;
    std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges_;
};

metrics::metrics() : registry_(std::make_unique<registry>()) {}
metrics::~metrics() = default;

counter& metrics::counter(std::string_view name, std::string_view help, metric_labels labels) {
    return registry_->counter(name, help, labels);
}

latency_histogram& metrics::latency(std::string_view name, std::string_view help, metric_labels labels) {
    return registry_->latency(name, help, labels);
}

void metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read, metric_labels labels) {
    registry_->gauge(name, help, std::move(read), labels);
}

std::string metrics::text() const { return registry_->text(); }

}  // namespace userinfo
