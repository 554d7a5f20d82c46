// Runs transactions as functions. A database can thereby commit several of them together, or repeat one after a
// deadlock.
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
#include "storage/sql/unchanged_period.h"

namespace userinfo::sql {

// The time limit of an operation, including its time in the queue.
inline constexpr std::chrono::seconds storage_timeout{5};

// `work` is a function `result<T>(connection&)`. It runs on another thread while the caller waits. It may run more than
// once, for example after a deadlock or an unexpected violation of a unique constraint, which may be a race. So it must
// change nothing except the database. Besides the errors of `work`, callers get errc::overloaded (the queue is full),
// errc::unavailable (the database does not answer in time) and errc::internal. Then nothing was written, with one
// exception: a database behind a network may commit and lose the reply. After errc::unavailable, a caller that must
// know the outcome has to look.
class database {
public:
    virtual ~database() = default;

    // Runs `work` in one transaction, which is durable when this returns a value. If `work` returns an error or throws,
    // the transaction is rolled back.
    template <class Work>
    task<std::invoke_result_t<Work&, connection&>> write(Work work) {
        return in_transaction(&database::run_write, std::move(work));
    }

    // Runs `work` on a snapshot of the data committed before.
    template <class Work>
    task<std::invoke_result_t<Work&, connection&>> read(Work work) {
        return in_transaction(&database::run_read, std::move(work));
    }

    // The same for `work` that executes one statement only. Costs a server less.
    template <class Work>
    task<std::invoke_result_t<Work&, connection&>> look(Work work) {
        return in_transaction(&database::run_look, std::move(work));
    }

    // For how long its data have not changed, if that is known without asking it. What this program writes counts from
    // the moment in which the write returns.
    virtual std::optional<unchanged_period> unchanged() const { return std::nullopt; }

protected:
    // Returns whether to commit.
    using transaction_body = std::move_only_function<bool(connection&)>;

    // Return nothing on success. Otherwise return why the transaction failed, whatever the body returned. `body` must
    // live until then.
    virtual task<std::optional<error>> run_write(transaction_body& body) = 0;
    virtual task<std::optional<error>> run_read(transaction_body& body) = 0;
    virtual task<std::optional<error>> run_look(transaction_body& body) { return run_read(body); }

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
