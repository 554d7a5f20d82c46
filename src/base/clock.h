// The wall clock, injected so that tests control the time.
#pragma once

#include <chrono>

namespace userinfo {

// Microseconds since 1970-01-01 UTC, as in the database.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

class clock {
public:
    virtual ~clock() = default;
    // Thread-safe.
    virtual timestamp now() const = 0;
};

class system_clock final : public clock {
public:
    timestamp now() const override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace userinfo
