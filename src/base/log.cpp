#include "base/log.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/log_writer.h"
#include "base/unicode.h"

namespace userinfo {

namespace {

// The open log. Closes the file after the last line is written.
class open_state {
public:
    open_state(const log_settings& settings, int descriptor, bool json)
        : level(settings.level), json(json), file(settings.file), file_(descriptor), writer(descriptor) {}

    // `fresh` replaces the current file between two writes.
    void replace_file(int fresh) const { ::dup3(fresh, file_.descriptor, O_CLOEXEC); }

    const log_level level;
    const bool json;
    const std::string file;

private:
    struct owned_file {
        explicit owned_file(int descriptor) : descriptor(descriptor) {}
        owned_file(const owned_file&) = delete;
        owned_file& operator=(const owned_file&) = delete;
        ~owned_file() {
            if (descriptor != STDERR_FILENO) ::close(descriptor);
        }
        int descriptor;
    };

    owned_file file_;

public:
    log_writer writer;
};

std::unique_ptr<open_state> owner;
std::atomic<open_state*> state{nullptr};

std::string_view name_of(log_level level) {
    switch (level) {
        case log_level::debug: return "debug";
        case log_level::info: return "info";
        case log_level::warning: return "warning";
        case log_level::error: return "error";
        case log_level::off: return "off";
    }
    std::unreachable();
}

std::string_view file_name(const std::source_location& where) {
    const std::string_view path = where.file_name();
    const auto root = path.rfind("src/");
    return root == path.npos ? path : path.substr(root + 4);
}

// The time to the second is the same for many lines, so it is formatted only once.
std::string_view time_text(std::chrono::system_clock::time_point now) {
    thread_local std::time_t formatted_second = -1;
    thread_local char text[] = "1970-01-01T00:00:00.000000Z";
    const auto since_epoch = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    const std::time_t second = since_epoch / 1'000'000;
    if (second != formatted_second) {
        std::tm utc{};
        gmtime_r(&second, &utc);
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000000Z", &utc);
        formatted_second = second;
    }
    auto micros = since_epoch % 1'000'000;
    for (char* digit = text + 25; digit >= text + 20; --digit, micros /= 10)
        *digit = static_cast<char>('0' + micros % 10);
    return {text, sizeof text - 1};
}

void append_source(std::string& out, const std::source_location& where) {
    out += file_name(where);
    out += ':';
    out += std::to_string(where.line());
}

void append_json(std::string& line, log_level level, const call* about, const log_message& message, log_fields fields) {
    json_writer json(line);
    json.begin_object().member("time", time_text(std::chrono::system_clock::now())).member("level", name_of(level));
    thread_local std::string source;
    source.clear();
    append_source(source, message.where);
    json.member("source", source);
    if (about != nullptr) json.member("request_id", about->request_id);
    if (about != nullptr && about->trace) json.member("trace_id", about->trace->trace_id());
    if (about != nullptr && about->account) json.member("account", about->account->to_string());
    json.member("message", message.text);
    for (const auto& field : fields) {
        std::visit([&](auto value) { json.member(field.name, value); }, field.value);
    }
    json.end_object();
    make_json_printable(line);  // `journalctl` and `tail` show it on a terminal
}

void append_plain(std::string& line, log_level level, const call* about, const log_message& message,
                  log_fields fields) {
    line += time_text(std::chrono::system_clock::now()).substr(11, 12);
    fmt::format_to(std::back_inserter(line), FMT_STRING(" {:<7} "), name_of(level));
    line += message.text;
    for (const auto& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            line += std::to_string(*number);
        else
            line += printable(std::get<std::string_view>(field.value));
    }
    if (about != nullptr) fmt::format_to(std::back_inserter(line), FMT_STRING(" request_id={}"), about->request_id);
    if (about != nullptr && about->trace) {
        line += " trace_id=";
        line += about->trace->trace_id();
    }
    if (about != nullptr && about->account) line += " account=" + about->account->to_string();
    line += " (";
    append_source(line, message.where);
    line += ')';
}

// The log contains personal data such as addresses, so only its owner and group may read it.
int open_output(const std::string& file) {
    if (file.empty()) return STDERR_FILENO;
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
    if (descriptor < 0) throw std::runtime_error("log.file: cannot open '" + file + "': " + std::strerror(errno));
    return descriptor;
}

bool plain_text(const log_settings& settings) {
    if (settings.format != log_format::automatic) return settings.format == log_format::plain;
    return settings.file.empty() && isatty(STDERR_FILENO) == 1;
}

}  // namespace

void open_log(const log_settings& settings) {
    owner = std::make_unique<open_state>(settings, open_output(settings.file), !plain_text(settings));
    state = owner.get();
}

void close_log() {
    state = nullptr;
    owner.reset();
}

void flush_log() {
    if (auto* open = state.load(std::memory_order_acquire)) open->writer.flush(std::chrono::seconds(1));
}

void reopen_log() {
    if (owner == nullptr || owner->file.empty()) return;
    const int fresh = open_output(owner->file);
    owner->replace_file(fresh);
    ::close(fresh);
}

std::uint64_t lost_log_lines() {
    const auto* open = state.load();
    return open == nullptr ? 0 : open->writer.lost();
}

bool log_enabled(log_level level) {
    const auto* open = state.load(std::memory_order_acquire);
    return open != nullptr && level >= open->level;
}

void write_log(log_level level, const call* about, const log_message& message, log_fields fields) {
    auto* open = state.load(std::memory_order_acquire);
    if (open == nullptr || level < open->level) return;
    thread_local std::string line;
    line.clear();
    if (open->json)
        append_json(line, level, about, message, fields);
    else
        append_plain(line, level, about, message, fields);
    open->writer.append(line, level >= log_level::warning);
}

}  // namespace userinfo
