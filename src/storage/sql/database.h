// Transactions as whole operations: what happens inside one is a function, so that a database can run many in one
// commit, or one again after a deadlock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "base/task.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

// For how long an operation may take, waiting for its turn included.
inline constexpr std::chrono::seconds storage_timeout{5};

// `work` is a `result<T>(connection&)`. It runs on another thread while the caller waits, perhaps more than once, so it
// changes nothing but the database. A unique constraint that it violates without expecting that may be a race with
// another transaction; it is run again then, too. Besides its own errors a caller gets errc::overloaded (too many
// wait), errc::unavailable (the database does not answer, or not in time) and errc::internal; then nothing was written,
// except that a database behind a network may have lost the answer to a commit: after errc::unavailable a caller who
// must know looks.
class database {
public:
    virtual ~database() = default;

    // In one transaction, which is durable when this returns a value. If `work` returns an error or throws, nothing of
    // it is written.
    template <class Work>
    task<std::invoke_result_t<Work&, connection&>> write(Work work) {
        return in_transaction(&database::run_write, std::move(work));
    }

    // On one snapshot of what was committed before.
    template <class Work>
    task<std::invoke_result_t<Work&, connection&>> read(Work work) {
        return in_transaction(&database::run_read, std::move(work));
    }

    // Differs from the last one if a session was revoked or an audit event written or linked meanwhile, by whatever
    // process; may differ after other writes.
    virtual task<result<std::uint64_t>> change_counter() = 0;

protected:
    // Returns whether to keep what it did.
    using transaction_body = std::move_only_function<bool(connection&)>;

    // Nothing, or why the transaction did not happen, whatever the body returned. The body lives until then.
    virtual task<std::optional<error>> run_write(transaction_body& body) = 0;
    virtual task<std::optional<error>> run_read(transaction_body& body) = 0;

private:
    using runner = task<std::optional<error>> (database::*)(transaction_body&);

    template <class Work, class Result = std::invoke_result_t<Work&, connection&>>
    task<Result> in_transaction(runner run, Work work) {
        std::optional<Result> outcome;
        transaction_body body = [&](connection& connection) {
            outcome.emplace(work(connection));
            return outcome->has_value();
        };
        auto failed = co_await (this->*run)(body);
        if (failed) co_return std::unexpected(std::move(*failed));
        co_return std::move(*outcome);
    }
};

}  // namespace userinfo::sql
