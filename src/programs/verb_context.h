// The parts that command line verbs on the database share.
#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/io_threads.h"
#include "programs/chosen_database.h"
#include "programs/run_task.h"
#include "programs/settings.h"
#include "storage/sql/sql_stores.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

// Exit codes.
inline constexpr int success = 0;
inline constexpr int refused = 1;

// "cli:<uid>" of the caller, for audit events.
std::string cli_actor();

// Prints the error as one line to standard error. Returns `refused`.
int report(const error& why);

// The database, and a thread for tasks on it. Throws std::runtime_error if the database cannot be used.
struct verb_context {
    explicit verb_context(const settings& settings)
        : database(settings, clock, figures), stores(database.primary(), database.replicas(), clock) {}
    ~verb_context() { threads.stop(); }

    verb_context(const verb_context&) = delete;
    verb_context& operator=(const verb_context&) = delete;

    template <class T>
    T run(task<T> work) {
        return run_task(threads[0], std::move(work));
    }

    system_clock clock;
    metrics figures;
    net::io_threads threads{1};  // before everything whose threads post work back to it
    chosen_database database;
    sql::sql_stores stores;
};

// Loads the internal key as a server does at its start. Throws std::runtime_error if it does not exist or cannot be
// unsealed, and config_error as for load_master_keys.
void load_internal_key(verb_context& context, const settings& settings, internal_key& into);

}  // namespace userinfo::programs
