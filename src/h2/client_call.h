// A unary call of gRPC as its caller sees it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "h2/metadata.h"
#include "h2/status.h"

namespace userinfo::h2 {

struct request {
    std::string_view path;     // "/package.Service/Method"; must outlive the call
    h2::fields fields = {};    // metadata
    std::string message = {};  // serialized
    std::chrono::steady_clock::time_point deadline = {};
    // Asked while there is no answer: whether nobody waits for it any more. May be empty.
    std::function<bool()> is_abandoned = {};
};

struct reply {
    // How far the call came.
    enum class progress {
        answered,  // the status is the service's, or says why nobody waits for one any more
        lost,      // the connection ended before there was an answer
        unsent,    // the service has certainly not begun it: it may be made again
    };

    progress came = progress::answered;
    h2::status status = {};
    std::string message = {};    // if the status is ok
    h2::metadata metadata = {};  // of its head and its end
};

}  // namespace userinfo::h2
