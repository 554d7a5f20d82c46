// A TCP or unix socket that is bound but does not listen yet, unless it is inherited. Binding first fails early if the
// address is in use, and makes the actual port known to whatever depends on it.
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

    // Takes over `inherited`, which is bound to `where`. The file of a unix socket stays with whoever made it.
    bound_socket(const address& where, file_descriptor inherited);

    // With the actual port.
    const address& local_address() const { return address_; }

    // Hands the file descriptor to the caller, who must close it. The destructor still removes the file of a unix
    // socket that is not inherited.
    int release() { return socket_.release(); }

private:
    address address_;
    std::unique_ptr<socket_file> file_;
    file_descriptor socket_;
};

}  // namespace userinfo::net
