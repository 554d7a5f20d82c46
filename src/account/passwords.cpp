#include "account/passwords.h"

#include <algorithm>
#include <array>
#include <thread>

#include <sodium.h>

#include "base/log.h"

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

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

}  // namespace

passwords::passwords(const password_settings& settings, metrics& metrics)
    : hasher_(settings.argon2),
      dummy_(hash_of_nothing(hasher_)),
      duration_(metrics.latency("userinfo_password_hash_seconds", "Time to hash or verify one password.")),
      pool_(std::make_shared<blocking_pool>(blocking_pool::options{.name = "passwords",
                                                                   .threads = thread_count(settings.threads),
                                                                   .queue_limit = settings.queue_limit,
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
    watch("userinfo_password_queue_refused", "Passwords refused since the start because the queue was full.",
          &load::refused);
    watch("userinfo_password_queue_expired", "Passwords dropped since the start because their time was up.",
          &load::expired);
}

task<result<std::string>> passwords::hash(const call& call, std::string password) {
    auto hashed = co_await pool_->run(call.deadline, [this, &password]() -> result<std::string> {
        const latency_timer timer(duration_);
        try {
            auto phc = hasher_.hash(password);
            wipe(password);
            return phc;
        } catch (const std::bad_alloc&) {
            log_error("no memory to hash a password");
            return unavailable("The server is short of memory; try again.", std::chrono::seconds(5));
        }
    });
    if (!hashed) co_return std::unexpected(std::move(hashed.error()));
    co_return std::move(*hashed);
}

task<result<bool>> passwords::verify(const call& call, std::string password, std::string phc) {
    co_return co_await pool_->run(call.deadline, [this, &password, &phc] {
        const latency_timer timer(duration_);
        const bool right = hasher_.verify(password, phc);
        wipe(password);
        return right;
    });
}

}  // namespace userinfo
