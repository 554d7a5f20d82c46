// The program's log: one line per event, as JSON for machines or plain text on a terminal, written by its own thread.
//
//     log_warning(call, "a refresh token was used twice", {{"session", session_label}});
//
// Never log a password, token, cookie, key, typed identifier, email or query string. Log public ids, and sessions as
// `log_label`.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <source_location>
#include <string>
#include <string_view>
#include <variant>

#include "base/call.h"

namespace userinfo {

enum class log_level { debug, info, warning, error, off };
enum class log_format { automatic, json, plain };  // automatic: plain if the output is a terminal

struct log_settings {
    log_level level = log_level::info;
    log_format format = log_format::automatic;
    std::string file;  // empty: standard error
};

// Opens the log of this process. Before this, and after `close_log`, lines are discarded. Throws std::runtime_error if
// the file cannot be opened.
void open_log(const log_settings& settings);

// Writes the pending lines and stops the thread.
void close_log();

// Waits until all lines so far are written, or for a second: the output may be blocked. For a program that ends without
// closing the log.
void flush_log();

// Continues in a newly opened file with the configured name, for log rotation. Pending lines may go to either file.
// Does nothing if no file is configured. Throws std::runtime_error if the file cannot be opened, and continues in the
// old one.
void reopen_log();

// The number of lines dropped so far because the output was slower than the program.
std::uint64_t lost_log_lines();

bool log_enabled(log_level level);

struct log_field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t> value;
};

using log_fields = std::initializer_list<log_field>;

// A message with the place in the source that wrote it.
struct log_message {
    std::string_view text;
    std::source_location where;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a message
    log_message(const char* message, std::source_location location = std::source_location::current())
        : text(message), where(location) {}
};

// Thread-safe. Does nothing if the level is below the configured one. `about` is the call that the event belongs to, or
// null.
void write_log(log_level level, const call* about, const log_message& message, log_fields fields);

inline void log_debug(const call& about, const log_message& message, log_fields fields = {}) {
    write_log(log_level::debug, &about, message, fields);
}
inline void log_debug(const log_message& message, log_fields fields = {}) {
    write_log(log_level::debug, nullptr, message, fields);
}
inline void log_info(const call& about, const log_message& message, log_fields fields = {}) {
    write_log(log_level::info, &about, message, fields);
}
inline void log_info(const log_message& message, log_fields fields = {}) {
    write_log(log_level::info, nullptr, message, fields);
}
inline void log_warning(const call& about, const log_message& message, log_fields fields = {}) {
    write_log(log_level::warning, &about, message, fields);
}
inline void log_warning(const log_message& message, log_fields fields = {}) {
    write_log(log_level::warning, nullptr, message, fields);
}
inline void log_error(const call& about, const log_message& message, log_fields fields = {}) {
    write_log(log_level::error, &about, message, fields);
}
inline void log_error(const log_message& message, log_fields fields = {}) {
    write_log(log_level::error, nullptr, message, fields);
}

}  // namespace userinfo
