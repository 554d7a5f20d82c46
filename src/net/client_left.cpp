#include "net/client_left.h"

#include <poll.h>

namespace userinfo::net {

bool client_left(int descriptor) {
    pollfd asked{.fd = descriptor, .events = POLLRDHUP, .revents = 0};  // POLLERR and POLLHUP are always reported
    return ::poll(&asked, 1, 0) > 0;
}

std::function<bool()> client_left_probe(int descriptor) {
    return [descriptor] { return client_left(descriptor); };
}

}  // namespace userinfo::net
