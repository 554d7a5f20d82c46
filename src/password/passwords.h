// Hashes and verifies passwords on a bounded thread pool with low priority. A flood of log-ins fills its own share of
// the queue and is then rejected. It does not slow down profile reads, and other clients' log-ins only briefly.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/blocking_pool.h"
#include "base/call.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "password/password_hasher.h"

namespace userinfo {

struct password_settings {
    argon2_parameters argon2 = {};
    std::size_t threads = 0;        // 0: one per core
    std::size_t queue_limit = 256;  // 2 s of work on two cores
};

class passwords {
public:
    passwords(const password_settings& settings, metrics& metrics);

    // Returns a PHC string. `password` must be normalized and must outlive the task. `known_device_of` is the account
    // that a known device of the caller belongs to, if there is one: it may hold a reserved place in the queue.
    // errc::overloaded: the queue is full, or a share of it. errc::unavailable: the call's deadline passed in the
    // queue, the client left, or memory ran out.
    task<result<std::string>> hash(const call& call, std::string_view password,
                                   std::optional<uuid> known_device_of = {});

    // `known_device_of` and errors as for `hash`. If `phc` has parameters that were not met before, they are learned
    // (see `floor`) before it returns.
    task<result<bool>> verify(const call& call, std::string_view password, std::string phc,
                              std::optional<uuid> known_device_of = {});

    // A hash with the current parameters that no password matches. Verifying against it takes as long as against a real
    // one.
    const std::string& dummy() const { return dummy_; }

    bool is_outdated(const std::string& phc) const { return hasher_.is_outdated(phc); }

    // Whether `verify` can check the hash at all. If not, no password is right.
    bool knows(const std::string& phc) const { return hasher_.knows(phc); }

    // As password_hasher::sample_of.
    std::optional<std::string> sample_of(std::string_view beginning) const { return hasher_.sample_of(beginning); }

    // Replaces what is known of the parameters of stored hashes, besides the current ones: `samples` has a hash for
    // each. Measures how long these take to verify, at most 32 of them. Errors as for `hash`.
    task<result<void>> learn(const call& call, std::vector<std::string> samples);

    // How long `verify` takes at least, from the moment at which the password leaves the queue, so that its time does
    // not tell whether the account has a hash with other parameters than the current ones, or none. On a busy machine
    // it takes longer, as hashing does. Zero if no stored hash that is known has other parameters: then each takes the
    // same time to verify.
    std::chrono::nanoseconds floor() const { return std::chrono::nanoseconds(floor_.load()); }

private:
    template <class Work, class T = std::invoke_result_t<Work>>
    task<result<T>> run(const call& call, std::optional<uuid> known_device_of, Work work);
    task<result<std::chrono::nanoseconds>> measure(const call& call, const std::string& sample);
    task<void> learn_if_new(const call& call, const std::string& phc);
    bool is_to_be_measured(const std::string& sample);
    void set_floor();
    void note_slowdown(std::chrono::nanoseconds real_time, std::chrono::nanoseconds processor_time);
    double current_slowdown();

    const password_hasher hasher_;
    const std::string dummy_;
    latency_histogram& duration_;
    counter& refused_;
    counter& dropped_;
    std::mutex mutex_;
    std::map<std::string, std::chrono::nanoseconds> measured_;  // by sample
    double slowdown_ = 1;  // how much longer hashes take just now than their processor time
    std::atomic<std::chrono::nanoseconds::rep> floor_ = 0;
    const std::shared_ptr<blocking_pool> pool_;  // shared with gauges, which may outlive this object
};

}  // namespace userinfo
