// What the operating system counts of this process (proc(5)). Linux tells it at any time: nothing is measured beside
// it.
#pragma once

namespace userinfo::programs {

// NaN, in all of them: the system does not tell, as where /proc is not mounted.
double processor_seconds();
double start_seconds();  // since 1970
double resident_bytes();
double virtual_bytes();
double thread_count();
double open_files();
double open_files_limit();

}  // namespace userinfo::programs
