#include "net/bound_socket.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace userinfo::net {
namespace {

union socket_address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

// Returns its size.
socklen_t fill(socket_address& to, const address& from) {
    to = {};
    if (inet_pton(AF_INET, from.host.c_str(), &to.v4.sin_addr) == 1) {
        to.v4.sin_family = AF_INET;
        to.v4.sin_port = htons(from.port);
        return sizeof to.v4;
    }
    to.v6.sin6_family = AF_INET6;
    to.v6.sin6_port = htons(from.port);
    if (inet_pton(AF_INET6, from.host.c_str(), &to.v6.sin6_addr) != 1)
        throw std::runtime_error(from.host + " is not an IP address");
    return sizeof to.v6;
}

std::uint16_t port_of(int number) {
    socket_address bound{};
    socklen_t size = sizeof bound;
    ::getsockname(number, &bound.any, &size);
    return ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
}

void set_option(int number, int level, int option) {
    const int on = 1;
    ::setsockopt(number, level, option, &on, sizeof on);
}

file_descriptor new_socket(int family) {
    file_descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.number() < 0) throw std::runtime_error(std::string("cannot make a socket: ") + std::strerror(errno));
    return socket;
}

int family_of(const address& address) {
    if (address.is_unix()) return AF_UNIX;
    return address.is_v6() ? AF_INET6 : AF_INET;
}

// Returns the port.
std::uint16_t bind_tcp(int number, const address& where) {
    socket_address wanted;
    const auto size = fill(wanted, where);
    set_option(number, SOL_SOCKET, SO_REUSEADDR);
    // Accepted sockets inherit this.
    set_option(number, IPPROTO_TCP, TCP_NODELAY);
    if (::bind(number, &wanted.any, size) != 0) {
        if (errno == EADDRINUSE) throw std::runtime_error(where.to_string() + " is in use");
        throw std::runtime_error("cannot listen on " + where.to_string() + ": " + std::strerror(errno));
    }
    return port_of(number);
}

}  // namespace

bound_socket::bound_socket(const address& where, socket_access access)
    : address_(where),
      file_(where.is_unix() ? std::make_unique<socket_file>(where.path) : nullptr),
      socket_(new_socket(family_of(where))) {
    if (file_)
        file_->bind(socket_.number(), access);
    else
        address_.port = bind_tcp(socket_.number(), where);
}

bound_socket::bound_socket(const address& where, file_descriptor inherited)
    : address_(where), socket_(std::move(inherited)) {
    if (!where.is_unix()) set_option(socket_.number(), IPPROTO_TCP, TCP_NODELAY);
}

}  // namespace userinfo::net
