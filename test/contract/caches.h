// What the cache suites run on: an empty cache and the clock that it goes by. A new cache is one line in caches.cpp.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attempts/source_limits.h"
#include "profile/profile_cache.h"
#include "service/account_cache.h"
#include "session/session_cache.h"
#include "support/manual_clock.h"
#include "support/run_task.h"

namespace userinfo::test {

class caches {
public:
    virtual ~caches() = default;

    virtual profile_cache& profiles() = 0;
    virtual session_cache& sessions() = 0;
    // Of the same entries as the two before.
    virtual account_cache& accounts() = 0;
    // Checks: 60 a minute, 3 at once; registers: 6 a minute, 1 at once.
    virtual userinfo::source_limits& source_limits() = 0;

    // Lets time pass for the cache: turns the clock, or ages the entries where the cache has its own.
    virtual void let_pass(std::chrono::microseconds time) = 0;
    virtual timestamp now() const = 0;
    // How long before its end an entry is still there for sure.
    virtual std::chrono::microseconds resolution() const = 0;
};

struct cache_kind {
    std::string name;
    std::function<std::unique_ptr<caches>()> make;

    friend std::ostream& operator<<(std::ostream& out, const cache_kind& kind) { return out << kind.name; }
};

std::vector<cache_kind> all_caches();

inline std::string name_of_cache(const testing::TestParamInfo<cache_kind>& info) { return info.param.name; }

class cache_contract : public testing::TestWithParam<cache_kind> {
protected:
    std::unique_ptr<caches> caches_ = GetParam().make();
};

}  // namespace userinfo::test
