// What goes wrong in a database, inside storage: thrown by a connection, turned into a value by its database.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.h"

namespace userinfo::sql {

// A unique constraint says no. The stores catch those that they expect.
class constraint_violation : public std::runtime_error {
public:
    // `constraint`: "table.column", of several the first.
    explicit constraint_violation(std::string constraint)
        : std::runtime_error("unique constraint on " + constraint), constraint_(std::move(constraint)) {}

    const std::string& constraint() const { return constraint_; }

private:
    std::string constraint_;
};

enum class failure_kind {
    unavailable,        // busy or read-only: this operation cannot happen now; its neighbours may
    whole_transaction,  // disk full, I/O: nothing of the transaction can be trusted to be there
    conflict,           // another transaction stood in the way: this one was undone and may be run again
    disconnected,       // the connection is gone, and with it all that was not committed
    outcome_unknown,    // the answer to a commit was lost: it may have happened or not, so it must not be run again
    bug,                // a wrong statement, damaged data
};

// Anything else. The text is the driver's and goes to the log; it holds no bound value.
class driver_error : public std::runtime_error {
public:
    driver_error(const std::string& text, failure_kind kind) : std::runtime_error(text), kind_(kind) {}

    failure_kind kind() const { return kind_; }

private:
    failure_kind kind_;
};

// The database cannot be used just now.
error storage_unavailable();

// The value for what was thrown, after its detail went to the log.
error to_error(const std::exception& thrown);

}  // namespace userinfo::sql
