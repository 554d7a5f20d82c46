// Standard output of a verb that goes on until it is told to stop, or until nobody reads any more.
#pragma once

#include <chrono>
#include <string_view>

#include "programs/program_signals.h"

namespace userinfo::programs {

// Neither a signal nor the end of the reader is missed while the output is full or the verb waits. Not thread-safe.
class line_output {
public:
    // Any of the signals is the end. `signals` must outlive it.
    explicit line_output(const program_signals& signals) : signals_(signals) {}

    // Whether there was a signal, or nobody reads any more.
    bool is_over() const { return is_over_; }

    // Writes a whole line. Returns false if it is over; then the rest is not written. Throws std::runtime_error if the
    // output cannot be written, as on a full disk.
    bool write(std::string_view line);

    // Waits for so long, or until it is over.
    void wait(std::chrono::seconds time);

private:
    void look(short wanted, std::chrono::milliseconds patience);

    const program_signals& signals_;
    bool is_over_ = false;
    bool is_writable_ = false;
};

}  // namespace userinfo::programs
