// A TCP socket that has its address but does not listen yet: so the address is known, and refused if it is taken,
// before anything is built that depends on it.
#pragma once

#include <utility>

#include "http/address.h"

namespace userinfo::http {

class bound_socket {
public:
    // Throws std::runtime_error ("127.0.0.1:8080 is in use") if it cannot be bound.
    // NOLINTNEXTLINE(google-explicit-constructor): where a socket is wanted, an address says which
    bound_socket(const address& where);
    bound_socket(bound_socket&& other) noexcept : number_(other.release()), address_(std::move(other.address_)) {}
    bound_socket& operator=(bound_socket&&) = delete;
    ~bound_socket();

    // With the real port.
    const address& local_address() const { return address_; }

    // The file descriptor, which is the caller's to close from now on.
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
    address address_;
};

}  // namespace userinfo::http
