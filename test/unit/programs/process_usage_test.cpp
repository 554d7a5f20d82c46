#include "programs/process_usage.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <latch>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace userinfo::programs {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

double used() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST(process_usage, has_the_time_of_all_processors) {
    const auto begin = processor_seconds();
    EXPECT_NEAR(begin, used(), 0.1);
    while (processor_seconds() < begin + 0.01) {
    }
    EXPECT_NEAR(processor_seconds(), used(), 0.1);
}

TEST(process_usage, tells_memory_that_is_used_from_memory_that_is_reserved) {
    constexpr std::size_t size = 64 << 20;
    const auto resident = resident_bytes(), reserved = virtual_bytes();
    auto* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    EXPECT_GE(virtual_bytes(), reserved + size);
    EXPECT_LT(resident_bytes(), resident + size / 2);
    std::fill_n(static_cast<volatile char*>(memory), size, 'x');
    EXPECT_GT(resident_bytes(), resident + size / 2);
    ::munmap(memory, size);
}

TEST(process_usage, counts_threads) {
    const auto before = thread_count();
    std::latch end(1);
    const std::jthread one([&end] { end.wait(); }), another([&end] { end.wait(); });
    const auto more = thread_count();
    end.count_down();
    EXPECT_EQ(more, before + 2);
}

TEST(process_usage, counts_open_files_against_their_limit) {
    const auto before = open_files();
    EXPECT_EQ(count_open_files(), before);
    std::vector<file_descriptor> files;
    for (int i = 0; i < 5; ++i) files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(open_files(), before + 5);
    EXPECT_EQ(count_open_files(), before + 5);

    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(open_files_limit(), static_cast<double>(limit.rlim_cur));
    const rlimit lower{.rlim_cur = limit.rlim_cur - 1, .rlim_max = limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
    EXPECT_EQ(open_files_limit(), static_cast<double>(lower.rlim_cur));
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(process_usage, tells_when_the_process_began) {
    constexpr double tick = 0.01;
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const auto before = now();
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto began = start_seconds();
        ::_exit(::write(pipe[1], &began, sizeof began) == sizeof began ? 0 : 1);
    }
    const auto after = now();
    double began = 0;
    EXPECT_EQ(::read(pipe[0], &began, sizeof began), static_cast<ssize_t>(sizeof began));
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
    for (const int end : pipe) ::close(end);
    EXPECT_GE(began, before - 2 * tick);
    EXPECT_LE(began, after + 2 * tick);
    EXPECT_LT(start_seconds(), before);
}

}  // namespace
}  // namespace userinfo::programs
