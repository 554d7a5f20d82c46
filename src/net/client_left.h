// Tells whether a client still waits for its answer. Code asks before it does expensive work.
#pragma once

#include <functional>

namespace userinfo::net {

// Whether the peer of the socket `descriptor` has reset the connection or closed its sending side, even if that has not
// been read yet. Makes one poll(2) call.
bool client_left(int descriptor);

// Returns a probe of the socket `descriptor`. The probe returns true once the peer has reset the connection or closed
// its sending side. It makes one poll(2) call and touches no other state, so any thread may copy and call it while the
// descriptor is open. Copying it does not allocate.
std::function<bool()> client_left_probe(int descriptor);

}  // namespace userinfo::net
