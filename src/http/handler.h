// The interface through which a listener has a request answered.
#pragma once

#include <string_view>

#include "base/task.h"
#include "http/message.h"

namespace userinfo::http {

class handler {
public:
    virtual ~handler() = default;

    // Answers one request on the io_context of its connection. Must not throw. `request` outlives the task.
    virtual task<reply> handle(const request& request) = 0;

    // Returns the reply for a request that the listener rejected itself. The listener sets the status and closes the
    // connection. `peer_address`: as in `request`.
    virtual reply reject(rejection why, std::string_view peer_address) = 0;
};

}  // namespace userinfo::http
