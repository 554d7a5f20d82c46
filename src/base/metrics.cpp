#include "base/metrics.h"

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
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

// The readings of one name. prometheus-cpp has no metric that is read on demand.
struct observed_family {
    std::string help;
    prometheus::MetricType type;
    std::map<prometheus::Labels, std::function<double()>> readings = {};
};

prometheus::ClientMetric read_now(prometheus::MetricType type, const prometheus::Labels& labels,
                                  const std::function<double()>& read) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({.name = name, .value = value});
    (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = read();
    return metric;
}

prometheus::MetricFamily read_now(const std::string& name, const observed_family& family) {
    prometheus::MetricFamily now{.name = name, .help = family.help, .type = family.type, .metric = {}};
    for (const auto& [labels, read] : family.readings) now.metric.push_back(read_now(family.type, labels, read));
    return now;
}

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

    void observe(prometheus::MetricType type, std::string_view name, std::string_view help,
                 std::function<double()> read, metric_labels labels) {
        const std::scoped_lock lock(mutex_);
        auto& family =
            observed_.try_emplace(std::string(name), observed_family{.help = std::string(help), .type = type})
                .first->second;
        family.readings[to_labels(labels)] = std::move(read);
    }

    std::string text() const {
        auto families = registry_.Collect();
        const std::scoped_lock lock(mutex_);
        for (const auto& [name, family] : observed_) families.push_back(read_now(name, family));
        return prometheus::TextSerializer().Serialize(families);
    }

private:
    mutable std::mutex mutex_;
    prometheus::Registry registry_;
    std::map<prometheus::Counter*, prometheus_counter> counters_;
    std::map<prometheus::Histogram*, prometheus_histogram> histograms_;
    std::map<std::string, observed_family> observed_;
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
    registry_->observe(prometheus::MetricType::Gauge, name, help, std::move(read), labels);
}

void metrics::observed_counter(std::string_view name, std::string_view help, std::function<double()> read,
                               metric_labels labels) {
    registry_->observe(prometheus::MetricType::Counter, name, help, std::move(read), labels);
}

std::string metrics::text() const { return registry_->text(); }

}  // namespace userinfo
