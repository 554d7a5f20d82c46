// Database errors inside `storage`. A connection throws them, and its database turns them into values.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.h"

namespace userinfo::sql {

// A violated unique constraint. Stores catch the ones they expect.
class constraint_violation : public std::runtime_error {
public:
    // `constraint` is "table.column"; for several columns, the first one.
    explicit constraint_violation(std::string constraint)
        : std::runtime_error("unique constraint on " + constraint), constraint_(std::move(constraint)) {}

    const std::string& constraint() const { return constraint_; }

private:
    std::string constraint_;
};

enum class failure_kind {
    unavailable,        // busy or read-only: only this operation fails
    whole_transaction,  // disk full or I/O error: the whole transaction is unreliable
    conflict,           // another transaction interfered; this one was rolled back and may be retried
    disconnected,       // the connection is lost, with everything uncommitted
    outcome_unknown,    // the reply to a commit was lost: it may have happened, so it must not be retried
    bug,                // a wrong statement or damaged data
};

// Any other failure. The text is the driver's and goes to the log. It contains no bound values.
class driver_error : public std::runtime_error {
public:
    driver_error(const std::string& text, failure_kind kind) : std::runtime_error(text), kind_(kind) {}

    failure_kind kind() const { return kind_; }

private:
    failure_kind kind_;
};

// A statement was given more or fewer values than it has places for.
driver_error wrong_number_of_values();

// The error for a database that cannot be used at the moment.
error storage_unavailable();

// Logs the details of an exception and converts it into an error for the caller.
error to_error(const std::exception& thrown);

}  // namespace userinfo::sql
