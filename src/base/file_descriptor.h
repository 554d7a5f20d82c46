// Owns a file descriptor and closes it on destruction.
#pragma once

#include <utility>

#include <unistd.h>

namespace userinfo {

class file_descriptor {
public:
    // A negative number means no descriptor.
    explicit file_descriptor(int number) : number_(number) {}
    file_descriptor(file_descriptor&& other) noexcept : number_(other.release()) {}
    file_descriptor& operator=(file_descriptor&&) = delete;
    ~file_descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

    // Hands the descriptor to the caller, who must close it.
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

}  // namespace userinfo
