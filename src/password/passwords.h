// Hashing and verifying of passwords on a bounded pool of its own, at low priority: a flood of log-ins fills its share
// of the queue and is refused; it slows neither a profile's read nor, for long, another client's log-in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/blocking_pool.h"
#include "base/call.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "password/password_hasher.h"

namespace userinfo {

struct password_settings {
    argon2_parameters argon2 = {};
    std::size_t threads = 0;        // 0: as many as there are cores
    std::size_t queue_limit = 256;  // 2 s of work on two cores; one source of calls holds at most 1/8 of it
};

class passwords {
public:
    passwords(const password_settings& settings, metrics& metrics);

    // `password` is normalized, and must outlive the task. Returns a PHC string. errc::overloaded: the queue is full,
    // or this source's share of it; errc::unavailable: the call's deadline passed in it, its client left, or there is
    // no memory.
    task<result<std::string>> hash(const call& call, std::string_view password);

    // Errors as `hash`.
    task<result<bool>> verify(const call& call, std::string_view password, std::string phc);

    // A hash of today's parameters that no password has: verifying against it costs what a real one costs.
    const std::string& dummy() const { return dummy_; }

    bool is_outdated(const std::string& phc) const { return hasher_.is_outdated(phc); }

private:
    template <class Work, class T = std::invoke_result_t<Work>>
    task<result<T>> run(const call& call, Work work);

    const password_hasher hasher_;
    const std::string dummy_;
    latency_histogram& duration_;
    counter& refused_;
    counter& dropped_;
    const std::shared_ptr<blocking_pool> pool_;  // watched by gauges, which may outlive this
};

}  // namespace userinfo
