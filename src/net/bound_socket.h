// A TCP or unix socket that has its address but does not listen yet: so the address is known, and refused if it is
// taken, before anything is built that depends on it.
#pragma once

#include <memory>

#include "base/file_descriptor.h"
#include "net/address.h"
#include "net/socket_file.h"

namespace userinfo::net {

class bound_socket {
public:
    // Throws std::runtime_error ("127.0.0.1:8080 is in use") if it cannot be bound.
    // NOLINTNEXTLINE(google-explicit-constructor): where a socket is wanted, an address says which
    bound_socket(const address& where, socket_access access = socket_access::group);

    // With the real port.
    const address& local_address() const { return address_; }

    // The file descriptor, which is the caller's to close from now on. A unix socket's file is removed at the end of
    // this object nevertheless.
    int release() { return socket_.release(); }

private:
    address address_;
    std::unique_ptr<socket_file> file_;
    file_descriptor socket_;
};

}  // namespace userinfo::net
