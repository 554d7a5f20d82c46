#include "storage/sql/errors.h"

#include "base/log.h"

namespace userinfo::sql {

driver_error wrong_number_of_values() { return {"a statement was given a wrong number of values", failure_kind::bug}; }

error storage_unavailable() {
    return {.code = errc::unavailable,
            .message = "The service is not available just now; try again.",
            .retry_after = std::chrono::seconds(1)};
}

error to_error(const std::exception& thrown) {
    log_error("a database operation failed", {{"detail", std::string_view(thrown.what())}});
    const auto* driver = dynamic_cast<const driver_error*>(&thrown);
    if (driver != nullptr && driver->kind() != failure_kind::bug) return storage_unavailable();
    return internal_error();
}

}  // namespace userinfo::sql
