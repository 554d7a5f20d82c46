// The stores over a new SQLite file in a folder of its own, which goes with them.
#pragma once

#include <memory>

#include "contract/stores.h"

namespace userinfo::test {

std::unique_ptr<stores> make_sqlite_stores();

}  // namespace userinfo::test
