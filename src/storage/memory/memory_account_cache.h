// Sessions and profiles in this process's memory, looked up together. Thread-safe.
#pragma once

#include "service/account_cache.h"
#include "storage/memory/memory_profile_cache.h"
#include "storage/memory/memory_session_cache.h"

namespace userinfo::memory {

class memory_account_cache final : public account_cache {
public:
    memory_account_cache(memory_session_cache& sessions, memory_profile_cache& profiles)
        : sessions_(sessions), profiles_(profiles) {}

    task<cached_account> get(uuid account, uuid session) override {
        cached_account found;
        found.session = co_await sessions_.get(account, session);
        found.profile = profiles_.find(account);
        co_return found;
    }

private:
    memory_session_cache& sessions_;
    memory_profile_cache& profiles_;
};

}  // namespace userinfo::memory
