#include "storage/sql/mysql/clock_comparison.h"

#include <utility>

#include "base/log.h"

namespace userinfo::sql {

clock_comparison::clock_comparison(metrics& metrics)
    : offset_(std::make_shared<std::atomic<std::int64_t>>(0)), warnings_(std::chrono::minutes(10)) {
    metrics.gauge("userinfo_clock_offset_seconds", "This machine's clock minus that of the primary database",
                  [offset = offset_] { return static_cast<double>(*offset) / 1e6; });
}

void clock_comparison::note(std::chrono::microseconds offset, std::string_view server,
                            std::chrono::steady_clock::time_point now) {
    *offset_ = offset.count();
    const auto differed = std::exchange(differs_, std::chrono::abs(offset) > largest_offset);
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(offset).count();
    if (differs_ && warnings_.is_time(now)) {
        log_warning(
            "this machine's clock differs from the database's; synchronize them, because services reject tokens of "
            "services whose clocks differ by more than 30 s",
            {{"host", server}, {"offset_ms", milliseconds}});
    }
    if (differed && !differs_) {
        log_info("this machine's clock agrees with the database's again",
                 {{"host", server}, {"offset_ms", milliseconds}});
    }
}

}  // namespace userinfo::sql
