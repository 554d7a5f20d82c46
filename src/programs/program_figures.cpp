#include "programs/program_figures.h"

#include <utility>

#include "base/log.h"
#include "base/version.h"
#include "programs/process_usage.h"

namespace userinfo::programs {

namespace {

// The names are those of Prometheus's own client libraries, which dashboards know.
void show_process(metrics& metrics) {
    metrics.observed_counter("process_cpu_seconds_total", "User and system CPU time of the process.",
                             processor_seconds);
    metrics.gauge("process_resident_memory_bytes", "Memory of the process that is in RAM.", resident_bytes);
    metrics.gauge("process_virtual_memory_bytes", "Address space of the process.", virtual_bytes);
    metrics.gauge("process_threads", "Threads of the process.", thread_count);
    metrics.gauge("process_open_fds", "Open file descriptors, sockets included.", open_files);
    metrics.gauge("process_max_fds", "Limit on open file descriptors.", open_files_limit);
    metrics.gauge("process_start_time_seconds", "When the process was started, in seconds since 1970.",
                  [start = start_seconds()] { return start; });
}

}  // namespace

void show_program(metrics& metrics) {
    const auto commit = program_commit();
    metrics.gauge("userinfo_build_info", "Always 1: the labels tell which program runs.", [] { return 1.; },
                  {{"version", program_version()}, {"commit", commit.empty() ? "unknown" : commit}});
    show_process(metrics);
    metrics.observed_counter("userinfo_log_lines_lost_total", "Log lines that could not be written.",
                             [] { return static_cast<double>(lost_log_lines()); });
}

void show_connections(metrics& metrics, std::string_view listener, std::function<std::size_t()> count) {
    metrics.gauge("userinfo_open_connections", "Open connections, by the listener that accepted them.",
                  [count = std::move(count)] { return static_cast<double>(count()); }, {{"listener", listener}});
}

}  // namespace userinfo::programs
