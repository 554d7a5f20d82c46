// What the operating system counts of this process (proc(5)). Read on demand.
#pragma once

namespace userinfo::programs {

// Each returns NaN if the system does not provide the value, for example without /proc.
double processor_seconds();
double start_seconds();  // since 1970
double resident_bytes();
double virtual_bytes();
double thread_count();
double open_files();  // Linux 6.2 and later tell it at once
double open_files_limit();

// What `open_files` returns, but asks for one descriptor after the other: with 20,000 of them it takes 10 ms, in which
// the thread serves nobody.
double count_open_files();

}  // namespace userinfo::programs
