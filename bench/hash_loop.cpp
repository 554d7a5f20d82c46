// The yardstick of bench/hashing.py: how many passwords a second the program's own pool hashes when it does nothing
// else. It uses `passwords` as the service does, so that threads, their priority and Argon2id's parameters are the
// program's defaults.
//
//   hash_loop hash|verify SECONDS      prints passwords per second
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include "base/task.h"
#include "password/passwords.h"

namespace {

using namespace userinfo;
using steady = std::chrono::steady_clock;

enum class job { hash, verify };

// Beside those that run: so that no thread ever waits for work, and within what one address may have in the queue.
constexpr std::size_t always_waiting = 16;

// Does jobs one after the other until `end`, and counts those that are done by then. Throws if one fails.
task<void> work(passwords& passwords, job wanted, steady::time_point end, std::size_t& done) {
    const std::string password = "a long enough bench password";
    call call{};
    call.address = "127.0.0.1";
    call.deadline = end + std::chrono::minutes(1);
    while (steady::now() < end) {
        const bool succeeded = wanted == job::hash
                                   ? (co_await passwords.hash(call, password)).has_value()
                                   : (co_await passwords.verify(call, password, passwords.dummy())).has_value();
        if (!succeeded) throw std::runtime_error("the pool refused a password");
        if (steady::now() <= end) ++done;
    }
}

double passwords_per_second(job wanted, std::chrono::seconds length) {
    metrics metrics;
    asio::io_context context;  // before the pool, whose threads hand work back to it
    passwords passwords({}, metrics);
    std::size_t done = 0;
    const auto end = steady::now() + length;
    for (std::size_t i = 0; i < std::thread::hardware_concurrency() + always_waiting; ++i) {
        asio::co_spawn(context, work(passwords, wanted, end, done), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
    context.run();
    return static_cast<double>(done) / static_cast<double>(length.count());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view wanted = argc == 3 ? argv[1] : "";
    const auto seconds = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
    if ((wanted != "hash" && wanted != "verify") || seconds < 1) {
        fmt::print(stderr, "usage: hash_loop hash|verify SECONDS\n");
        return 2;
    }
    try {
        if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
        const auto rate =
            passwords_per_second(wanted == "hash" ? job::hash : job::verify, std::chrono::seconds(seconds));
        fmt::print("{:.2f}\n", rate);
    } catch (const std::exception& why) {
        fmt::print(stderr, "hash_loop: {}\n", why.what());
        return 1;
    }
}
