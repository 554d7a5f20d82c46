// Whether a client still wants the answer that it is waiting for: asked before work that costs much.
#pragma once

#include <functional>

namespace userinfo::net {

// A probe of the socket `descriptor`: true once the peer has reset the connection or closed its sending side. It is
// one poll(2) and touches no other state, so that it may be copied and asked from any thread as long as the descriptor
// is open; its copies do not allocate.
std::function<bool()> client_left_probe(int descriptor);

}  // namespace userinfo::net
