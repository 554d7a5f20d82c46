#include "programs/process_usage.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace userinfo::programs {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// The numbers of fields in /proc/self/stat.
enum class stat_field { threads = 20, start_ticks = 22, virtual_bytes = 23, resident_pages = 24 };

// The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
double read_stat(stat_field field) {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const auto end_of_name = line.rfind(')');
    if (end_of_name == line.npos) return unknown;
    std::istringstream rest(line.substr(end_of_name + 1));
    std::string text;
    for (int number = 3; number < static_cast<int>(field); ++number) rest >> text;
    double value = unknown;
    return rest >> value ? value : unknown;
}

// How many descriptors there is room for. No open one has a higher number.
double descriptor_slots() {
    std::ifstream file("/proc/self/status");
    std::string name;
    double value = unknown;
    while (file >> name && name != "FDSize:") file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    return file >> value ? value : unknown;
}

double read_clock(clockid_t clock) {
    timespec now{};
    if (::clock_gettime(clock, &now) != 0) return unknown;
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double processor_seconds() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

// The system tells it in ticks since its own start, whose time is in /proc/stat. systemd's ProcSubset=pid hides that
// file.
double start_seconds() {
    const auto system_start = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME);
    return system_start + read_stat(stat_field::start_ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_bytes() { return read_stat(stat_field::resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)); }

double virtual_bytes() { return read_stat(stat_field::virtual_bytes); }

double thread_count() { return read_stat(stat_field::threads); }

double open_files() {
    struct stat folder{};
    const bool tells = ::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0;
    return tells ? static_cast<double>(folder.st_size) : count_open_files();
}

// Listing /proc/self/fd takes 20 times as long.
double count_open_files() {
    const auto slots = descriptor_slots();
    if (std::isnan(slots)) return unknown;
    double count = 0;
    for (int file = 0; file < slots; ++file)
        if (::fcntl(file, F_GETFD) != -1) ++count;
    return count;
}

double open_files_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return unknown;
    return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<double>::infinity()
                                           : static_cast<double>(limit.rlim_cur);
}

}  // namespace userinfo::programs
