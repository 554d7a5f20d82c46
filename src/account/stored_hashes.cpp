#include "account/stored_hashes.h"

#include <set>
#include <string>

#include "base/log.h"
#include "base/timer.h"

namespace userinfo {

namespace {

constexpr std::chrono::hours interval{1};
// Credentials per transaction, some milliseconds of work.
constexpr std::size_t page = 20'000;

}  // namespace

task<result<void>> stored_hashes::look() {
    std::set<std::string> samples;
    for (std::uint64_t last = 0;;) {
        const auto kinds = co_await store_.list_hash_kinds(last, page);
        if (!kinds) co_return std::unexpected(kinds.error());
        if (kinds->last == 0) break;
        for (const auto& beginning : kinds->beginnings) {
            if (auto sample = passwords_.sample_of(beginning)) samples.insert(std::move(*sample));
        }
        last = kinds->last;
    }
    const call own{.request_id = "stored-hashes",
                   .deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1),
                   .address = {},
                   .user_agent = {},
                   .access_token = {}};
    co_return co_await passwords_.learn(own, {samples.begin(), samples.end()});
}

task<void> stored_hashes::follow() {
    for (;;) {
        co_await sleep_until(std::chrono::steady_clock::now() + interval);
        const auto looked = co_await look();
        if (!looked) log_warning("cannot look through the stored passwords", {{"error", looked.error().message}});
    }
}

}  // namespace userinfo
