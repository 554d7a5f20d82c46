#include "password/passwords.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <thread>

#include <sodium.h>

#include "base/log.h"
#include "base/source.h"
#include "base/timer.h"
#include "base/wipe.h"

namespace userinfo {

namespace {

std::size_t thread_count(std::size_t wanted) {
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

std::string hash_of_nothing(const password_hasher& hasher) {
    std::array<char, 32> secret;
    randombytes_buf(secret.data(), secret.size());
    return hasher.hash({secret.data(), secret.size()});
}

// The part of the queue for known devices, and the part that one source, or one network, may use.
constexpr std::size_t reserved_part = 4;
constexpr std::size_t part_of_one = 8;

// Parameters of stored hashes that are measured. An installation has as many as its settings ever had.
constexpr std::size_t most_kinds = 32;

// Two hashes with the same parameters do not take the same time. A quarter of it is added for this, and at least so
// much.
constexpr std::chrono::nanoseconds least_margin = std::chrono::milliseconds(5);

// On a machine at rest, a processor that was idle for longer needs a millisecond or two more for what comes next. A
// random part of the wait hides that.
constexpr int random_part = 4;

std::chrono::nanoseconds random_up_to(std::chrono::nanoseconds most) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(most).count();
    return std::chrono::microseconds(randombytes_uniform(static_cast<std::uint32_t>(microseconds + 1)));
}

// Above it, replies would be late rather than alike.
constexpr double most_slowdown = 8;
// How many hashes it takes until a slowdown that is over is mostly forgotten.
constexpr double slowdown_memory = 16;

// Of this thread, so that a machine that is busy at the moment of measuring does not slow down all replies.
std::chrono::nanoseconds processor_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

passwords::passwords(const password_settings& settings, metrics& metrics)
    : hasher_(settings.argon2),
      dummy_(hash_of_nothing(hasher_)),
      duration_(metrics.latency("userinfo_password_hash_seconds", "Time to hash or verify one password.")),
      refused_(metrics.counter("userinfo_password_queue_refused_total",
                               "Passwords refused because the queue, or a share of it, was full.")),
      dropped_(metrics.counter("userinfo_password_queue_dropped_total",
                               "Passwords dropped because their time was up or their client had left.")),
      pool_(std::make_shared<blocking_pool>(blocking_pool::options{.name = "passwords",
                                                                   .threads = thread_count(settings.threads),
                                                                   .queue_limit = settings.queue_limit,
                                                                   .reserved = settings.queue_limit / reserved_part,
                                                                   .shares = part_of_one,
                                                                   .low_priority = true})) {
    const auto watch = [&](std::string_view name, std::string_view help, auto figure) {
        metrics.gauge(name, help, [watched = std::weak_ptr(pool_), figure] {
            const auto pool = watched.lock();
            return pool ? static_cast<double>(pool->current_load().*figure) : 0.0;
        });
    };
    using load = blocking_pool::load;
    watch("userinfo_password_queue_waiting", "Passwords that wait to be hashed.", &load::waiting);
    watch("userinfo_password_queue_running", "Passwords that are being hashed.", &load::running);
}

template <class Work, class T>
task<result<T>> passwords::run(const call& call, std::optional<uuid> known_device_of, Work work) {
    auto outcome = co_await pool_->run(call.deadline,
                                       [this, &work]() -> result<T> {
                                           const latency_timer timer(duration_);
                                           try {
                                               auto done = work();
                                               wipe_stack();
                                               return done;
                                           } catch (const std::bad_alloc&) {
                                               log_error("no memory to hash a password");
                                               return unavailable("The server is short of memory; try again.",
                                                                  std::chrono::seconds(5));
                                           }
                                       },
                                       {.source = networks_of(call.address),
                                        .known_as = known_device_of ? known_device_of->to_string() : std::string(),
                                        .has_left = call.client_left});
    if (outcome) co_return std::move(*outcome);
    (outcome.error().code == errc::overloaded ? refused_ : dropped_).add();
    co_return std::unexpected(std::move(outcome.error()));
}

task<result<std::string>> passwords::hash(const call& call, std::string_view password,
                                          std::optional<uuid> known_device_of) {
    co_return co_await run(call, known_device_of, [this, password] { return hasher_.hash(password); });
}

task<result<bool>> passwords::verify(const call& call, std::string_view password, std::string phc,
                                     std::optional<uuid> known_device_of) {
    // What cannot be checked is wrong after the same work as what nobody has.
    if (!hasher_.knows(phc)) phc = dummy_;
    std::chrono::steady_clock::time_point begun;
    double slowdown = 1;  // of the hashes before this one: its own would tell a short hash from a long one
    auto matches = co_await run(call, known_device_of, [&] {
        begun = std::chrono::steady_clock::now();
        slowdown = current_slowdown();
        const auto processor_begun = processor_time();
        const bool is_right = hasher_.verify(password, phc);
        note_slowdown(std::chrono::steady_clock::now() - begun, processor_time() - processor_begun);
        return is_right;
    });
    if (!matches) co_return matches;
    co_await learn_if_new(call, phc);
    const auto least = std::chrono::duration_cast<std::chrono::nanoseconds>(floor() * slowdown);
    if (least > least.zero()) co_await sleep_until(begun + least + random_up_to(least / random_part));
    co_return matches;
}

task<result<std::chrono::nanoseconds>> passwords::measure(const call& call, const std::string& sample) {
    co_return co_await run(call, {}, [this, &sample] {
        const auto begin = processor_time();
        hasher_.verify("", sample);
        return processor_time() - begin;
    });
}

task<result<void>> passwords::learn(const call& call, std::vector<std::string> samples) {
    if (samples.size() > most_kinds) {
        log_warning("passwords are hashed with too many different parameters; some are not measured",
                    {{"kinds", static_cast<std::int64_t>(samples.size())}});
        samples.resize(most_kinds);
    }
    if (!samples.empty()) samples.push_back(dummy_);
    std::map<std::string, std::chrono::nanoseconds> measured;
    for (const auto& sample : samples) {
        const auto took = co_await measure(call, sample);
        if (!took) co_return std::unexpected(took.error());
        measured.emplace(sample, *took);
    }
    const std::scoped_lock lock(mutex_);
    measured_ = std::move(measured);
    set_floor();
    co_return result<void>();
}

// Another program has stored a hash with these parameters. If they cannot be measured now, the next log-in does it.
task<void> passwords::learn_if_new(const call& call, const std::string& phc) {
    const auto sample = hasher_.sample_of(phc);
    if (!sample || !is_to_be_measured(*sample)) co_return;
    const auto took = co_await measure(call, *sample);
    const auto usual = co_await measure(call, dummy_);
    if (!took || !usual) co_return;
    const std::scoped_lock lock(mutex_);
    measured_.emplace(*sample, *took);
    measured_.emplace(dummy_, *usual);
    set_floor();
}

bool passwords::is_to_be_measured(const std::string& sample) {
    const std::scoped_lock lock(mutex_);
    return measured_.size() <= most_kinds && !measured_.contains(sample);
}

// `mutex_` must be locked.
void passwords::set_floor() {
    std::chrono::nanoseconds slowest{0};
    for (const auto& [sample, took] : measured_) slowest = std::max(slowest, took);
    const auto floor = slowest == slowest.zero() ? slowest : slowest + std::max(slowest / 4, least_margin);
    floor_ = floor.count();
}

// Rises at once and falls slowly: a reply that comes late tells less than one that comes early.
void passwords::note_slowdown(std::chrono::nanoseconds real_time, std::chrono::nanoseconds processor_time) {
    const auto used = std::max<std::chrono::nanoseconds::rep>(1, processor_time.count());
    const auto now = std::clamp(static_cast<double>(real_time.count()) / static_cast<double>(used), 1.0, most_slowdown);
    const std::scoped_lock lock(mutex_);
    slowdown_ = std::max(now, slowdown_ + (now - slowdown_) / slowdown_memory);
}

double passwords::current_slowdown() {
    const std::scoped_lock lock(mutex_);
    return slowdown_;
}

}  // namespace userinfo
