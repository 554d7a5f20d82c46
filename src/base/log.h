// One line per event: JSON for machines, plain text on a terminal. Written by a thread of its own.
//
//     log_warning(call, "a refresh token was used twice", {{"session", session_label}});
//
// Never log a password, token, cookie, key, typed identifier, email or query string: pass public ids, and sessions as
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

// Opens the log of this process; until then, and after `close_log`, lines go nowhere. Throws std::runtime_error if the
// file cannot be opened.
void open_log(const log_settings& settings);

// Writes what waits and stops the thread.
void close_log();

// Goes on in a file newly opened under the settings' name, after the old one was moved away; lines that wait may go to
// either. Nothing if there is no file. Throws std::runtime_error if it cannot be opened, and goes on in the old one.
void reopen_log();

// Lines lost so far because the output was slower than the program.
std::uint64_t lost_log_lines();

bool log_enabled(log_level level);

struct log_field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t> value;
};

using log_fields = std::initializer_list<log_field>;

// A message that knows where in the source it was written.
struct log_message {
    std::string_view text;
    std::source_location where;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a message
    log_message(const char* message, std::source_location location = std::source_location::current())
        : text(message), where(location) {}
};

// Thread-safe; does nothing if the level is below the settings'. `about`: the call during which it happened, or null.
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
