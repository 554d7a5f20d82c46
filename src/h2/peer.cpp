#include "h2/peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/peer_address.h"

namespace userinfo::h2 {

namespace {

// The file's mode lets nobody else connect (net/socket_file.h), unless an operator has changed it.
bool is_own_user(int descriptor) {
    ucred other{};
    socklen_t size = sizeof other;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &other, &size) != 0) return false;
    return other.uid == ::geteuid() || other.uid == 0;
}

}  // namespace

peer peer_of(int descriptor, const asio::generic::stream_protocol::endpoint& from, bool shows_certificate) {
    const auto address = net::peer_address(from);
    const bool is_local_owner = !address && is_own_user(descriptor);
    return {.address = address ? address->to_string() : std::string(unix_peer),
            .is_authenticated = shows_certificate || is_local_owner};
}

}  // namespace userinfo::h2
