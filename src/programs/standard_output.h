// What a verb prints must arrive: a full disk shows only when the buffer of standard output is written.
#pragma once

#include <stdexcept>

namespace userinfo::programs {

// `why` is an errno.
std::runtime_error output_failure(int why);

// Writes what is buffered. Throws output_failure if that fails, or something failed before.
void finish_standard_output();

}  // namespace userinfo::programs
