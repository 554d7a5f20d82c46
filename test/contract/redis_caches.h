// The caches on the real Redis Cluster.
#pragma once

#include <memory>

#include "contract/caches.h"

namespace userinfo::test {

std::unique_ptr<caches> make_redis_caches();

}  // namespace userinfo::test
