// The stores over the MariaDB server that `tools/with_servers mariadb` has started, without any rows.
#pragma once

#include <memory>

#include "contract/stores.h"

namespace userinfo::test {

std::unique_ptr<stores> make_mysql_stores();

}  // namespace userinfo::test
