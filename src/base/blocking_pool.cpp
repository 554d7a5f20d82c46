#include "base/blocking_pool.h"

#include <optional>

#include <pthread.h>
#include <sys/resource.h>

namespace userinfo {

namespace {

constexpr int low_priority_nice = 10;

}  // namespace

blocking_pool::blocking_pool(options options)
    : options_(std::move(options)), queue_(options_.queue_limit, options_.reserved, options_.shares) {
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { serve(); });
}

blocking_pool::~blocking_pool() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
}

blocking_pool::load blocking_pool::current_load() const {
    const std::scoped_lock lock(mutex_);
    return {.waiting = queue_.size(), .running = running_};
}

void blocking_pool::enqueue(job next) {
    std::optional<job> left;
    {
        const std::scoped_lock lock(mutex_);
        const auto source = std::move(next.whose.source);
        const auto known_as = std::move(next.whose.known_as);
        left = queue_.push(source, known_as, std::move(next));
        wake_.notify_one();
    }
    if (left) left->settle(verdict::refuse);
}

// A client that has closed its sending side may still read the reply. Its job is dropped only if that helps others.
bool blocking_pool::is_in_vain(const job& job, bool others_wait) {
    if (job.deadline < std::chrono::steady_clock::now()) return true;
    return others_wait && job.whose.has_left && job.whose.has_left();
}

void blocking_pool::serve() {
    pthread_setname_np(pthread_self(), options_.name.c_str());
    // On Linux the priority belongs to a thread; 0 means the calling one.
    if (options_.low_priority) setpriority(PRIO_PROCESS, 0, low_priority_nice);

    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        job next = queue_.pop();
        const bool others_wait = !queue_.empty();
        ++running_;
        lock.unlock();
        next.settle(is_in_vain(next, others_wait) ? verdict::drop : verdict::run);
        lock.lock();
        --running_;
    }
}

}  // namespace userinfo
