#include "base/log_writer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <pthread.h>
#include <unistd.h>

namespace userinfo {

namespace {

constexpr std::size_t most_bytes_waiting = 8 << 20;
constexpr std::chrono::milliseconds gathering_time{100};

}  // namespace

log_writer::log_writer(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

log_writer::~log_writer() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void log_writer::append(std::string_view line, bool urgent) {
    bool wake = false;
    {
        const std::scoped_lock lock(mutex_);
        if (waiting_.size() + line.size() > most_bytes_waiting) {
            lost_.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        waiting_.append(line).push_back('\n');
        wake = asleep_ || (urgent && !urgent_);
        asleep_ = false;
        urgent_ = urgent_ || urgent;
    }
    if (wake) wake_.notify_one();
}

void log_writer::flush(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const auto last = waiting_.empty() ? batches_begun_ : batches_begun_ + 1;
    if (!waiting_.empty()) urgent_ = true;
    wake_.notify_one();
    written_.wait_for(lock, patience, [&] { return batches_written_ >= last; });
}

void log_writer::run() {
    pthread_setname_np(pthread_self(), "log");
    std::string writing;
    std::unique_lock lock(mutex_);
    while (!stopping_ || !waiting_.empty()) {
        asleep_ = waiting_.empty();
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        asleep_ = false;
        wake_.wait_for(lock, gathering_time, [this] { return stopping_ || urgent_; });
        urgent_ = false;
        writing.swap(waiting_);
        ++batches_begun_;
        lock.unlock();
        write(writing);
        writing.clear();
        lock.lock();
        ++batches_written_;
        written_.notify_all();
    }
}

// Lines that cannot be written are lost, because there is nowhere left to report it. A full disk may have truncated a
// line; the next one must start on a new line.
void log_writer::write(std::string_view text) {
    std::string_view end_of_line = "\n";
    if (torn_ && !put(end_of_line)) return lose(text);
    torn_ = false;
    auto rest = text;
    if (put(rest)) return;
    lose(rest);
    const auto written = text.substr(0, text.size() - rest.size());
    torn_ = !written.empty() && !written.ends_with('\n');
}

// Removes what it has written from `text`. Returns whether that was everything.
bool log_writer::put(std::string_view& text) const {
    while (!text.empty()) {
        const auto written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void log_writer::lose(std::string_view text) {
    lost_.fetch_add(static_cast<std::uint64_t>(std::ranges::count(text, '\n')), std::memory_order_relaxed);
}

}  // namespace userinfo
