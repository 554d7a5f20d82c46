#include "storage/sql/mysql/mysql_lock.h"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "storage/sql/mysql/mysql_statement.h"

namespace userinfo::sql {

mysql_lock::mysql_lock(const mysql_endpoint& server, std::string_view name, std::chrono::seconds patience)
    : handle_(server, patience + std::chrono::seconds(10)) {
    mysql_statement take(handle_.get(), "SELECT GET_LOCK(CONCAT(?, ' of ', DATABASE()), ?)");
    const auto rows = take.query({name, std::int64_t{patience.count()}});
    if (rows.at(0).is_null(0) || rows.at(0).integer(0) != 1) {
        throw std::runtime_error("somebody else has held the lock '" + std::string(name) + "' for " +
                                 std::to_string(patience.count()) + " s");
    }
}

}  // namespace userinfo::sql
