// Writes lines to a file in batches from its own thread. A caller pays for a copy, not for a system call or a thread
// wake-up, which spdlog's asynchronous logger makes for each line.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace userinfo {

// Thread-safe.
class log_writer {
public:
    // Writes to `descriptor`, which must stay open.
    explicit log_writer(int descriptor);
    // Writes the pending lines.
    ~log_writer();

    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;

    // Queues a line. It is written within about 100 ms, or immediately if `urgent`. If more than 8 MiB are pending
    // because the output is too slow, the line is dropped and counted: a slow log must not stop the service.
    void append(std::string_view line, bool urgent);

    // Returns once all that was added so far is written or lost, or after `patience`.
    void flush(std::chrono::milliseconds patience);

    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    void run();
    void write(std::string_view text);
    bool put(std::string_view& text) const;
    void lose(std::string_view text);

    const int descriptor_;
    std::mutex mutex_;
    std::condition_variable wake_, written_;
    std::string waiting_;
    bool asleep_ = false;
    bool urgent_ = false;
    bool stopping_ = false;
    std::uint64_t batches_begun_ = 0, batches_written_ = 0;
    bool torn_ = false;  // the last line was written only in part
    std::atomic<std::uint64_t> lost_ = 0;
    std::thread thread_;
};

}  // namespace userinfo
