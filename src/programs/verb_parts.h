// What the command line verbs that work on the database have in common.
#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/io_threads.h"
#include "programs/run_task.h"
#include "programs/settings.h"
#include "programs/storage_parts.h"
#include "tokens/internal_key.h"

namespace userinfo::programs {

// Exit codes.
inline constexpr int success = 0;
inline constexpr int refused = 1;

// "cli:<uid>": who runs the verb, for the audit.
std::string cli_actor();

// Prints one line on standard error; returns `refused`.
int report(const error& why);

// The database, and a thread for what works on it. Throws std::runtime_error if the database cannot be used.
struct verb_parts {
    explicit verb_parts(const settings& settings) : storage(settings, clock, figures) {}
    ~verb_parts() { threads.stop(); }

    verb_parts(const verb_parts&) = delete;
    verb_parts& operator=(const verb_parts&) = delete;

    template <class T>
    T run(task<T> work) {
        return run_task(threads[0], std::move(work));
    }

    system_clock clock;
    metrics figures;
    net::io_threads threads{1};  // before all whose own threads hand work back to it
    storage_parts storage;
};

// Opens the internal key, as a server does at its start. Throws std::runtime_error if there is none yet, or if it
// cannot be opened, and config_error as load_master_keys.
void load_internal_key(verb_parts& parts, const settings& settings, internal_key& into);

}  // namespace userinfo::programs
