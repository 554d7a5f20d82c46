// A file that is open for as long as this lives.
#pragma once

#include <unistd.h>

namespace userinfo::programs {

class file_descriptor {
public:
    // What ::open returned; -1: there is none.
    explicit file_descriptor(int number) : number_(number) {}
    ~file_descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;

    int operator*() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    const int number_;
};

}  // namespace userinfo::programs
