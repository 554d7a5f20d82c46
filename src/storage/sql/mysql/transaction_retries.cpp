#include "storage/sql/mysql/transaction_retries.h"

#include <utility>

namespace userinfo::sql {

namespace {

constexpr std::array<std::size_t, 3> most_tries{8, 2, 2};
// A retry is pointless if the deadline would end it during a lock wait.
constexpr std::chrono::milliseconds least_time{1100};

}  // namespace

bool transaction_retries::allow(retry_cause cause, time_point now) {
    const auto i = static_cast<std::size_t>(std::to_underlying(cause));
    return now + least_time < deadline_ && tries_[i]++ < most_tries[i];
}

std::chrono::microseconds transaction_retries::longest_pause() const {
    const auto conflicts = tries_[std::to_underlying(retry_cause::conflict)];
    return conflicts == 0 ? std::chrono::microseconds(0) : std::chrono::microseconds(500) * (1u << conflicts);
}

}  // namespace userinfo::sql
