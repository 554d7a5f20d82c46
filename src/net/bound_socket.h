// A TCP or unix socket that is bound but does not listen yet. Binding first fails early if the address is in use, and
// makes the actual port known to whatever depends on it.
#pragma once

#include <memory>

#include "base/file_descriptor.h"
#include "net/address.h"
#include "net/socket_file.h"

namespace userinfo::net {

class bound_socket {
public:
    // Throws std::runtime_error ("127.0.0.1:8080 is in use") if the address cannot be bound.
    // NOLINTNEXTLINE(google-explicit-constructor): where a socket is wanted, an address says which
    bound_socket(const address& where, socket_access access = socket_access::group);

    // With the actual port.
    const address& local_address() const { return address_; }

    // Hands the file descriptor to the caller, who must close it. The destructor still removes a unix socket's file.
    int release() { return socket_.release(); }

private:
    address address_;
    std::unique_ptr<socket_file> file_;
    file_descriptor socket_;
};

}  // namespace userinfo::net
