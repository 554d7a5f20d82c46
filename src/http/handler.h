// What a listener calls for each request.
#pragma once

#include "base/task.h"
#include "http/message.h"

namespace userinfo::http {

class handler {
public:
    virtual ~handler() = default;

    // Answers one request, on the io_context of its connection. Does not throw; `request` outlives the task.
    virtual task<reply> handle(const request& request) = 0;

    // The body of a reply to what the listener turned away itself. The listener sets the status and closes.
    virtual reply reject(rejection why) = 0;
};

}  // namespace userinfo::http
