// The metrics that every database has. A database chooses the labels.
#pragma once

#include <functional>
#include <utility>

#include "base/metrics.h"

namespace userinfo::sql {

// Of the operations that the labels name.
inline latency_histogram& storage_latency(metrics& metrics, metric_labels labels) {
    return metrics.latency("userinfo_storage_seconds", "How long the database took, waiting included", labels);
}

// `read` as for metrics::gauge.
inline void measure_storage_queue(metrics& metrics, std::function<double()> read, metric_labels labels) {
    metrics.gauge(
        "userinfo_storage_queue",
        "Operations that wait for the database; running ones count, too, except the embedded database's writes",
        std::move(read), labels);
}

}  // namespace userinfo::sql
