#include "net/client_left.h"

#include <poll.h>

namespace userinfo::net {

std::function<bool()> client_left_probe(int descriptor) {
    return [descriptor] {
        pollfd asked{.fd = descriptor, .events = POLLRDHUP, .revents = 0};  // POLLERR and POLLHUP are always reported
        return ::poll(&asked, 1, 0) > 0;
    };
}

}  // namespace userinfo::net
