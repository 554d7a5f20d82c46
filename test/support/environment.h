// The addresses of the servers that `tools/with_servers` started. A test that needs a server fails without it.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace userinfo::test {

inline std::string environment_variable(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string(name) +
                                 " is not set: run this under tools/with_servers, as ./dev test does");
    }
    return value;
}

}  // namespace userinfo::test
