// A unary gRPC call from the caller's point of view.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/secret_string.h"
#include "h2/metadata.h"
#include "h2/status.h"

namespace userinfo::h2 {

struct request {
    std::string_view path;          // "/package.Service/Method"; must outlive the call
    h2::fields fields = {};         // the call's metadata
    std::string_view message = {};  // serialized; must outlive the call
    std::chrono::steady_clock::time_point deadline = {};
    // Called while the reply is pending. Returns true if nobody waits for the reply any more. May be empty.
    std::function<bool()> is_abandoned = {};
};

struct reply {
    // How far the call got.
    enum class progress {
        answered,  // the status is the service's, or says that the caller gave up
        lost,      // the connection ended before the reply arrived
        unsent,    // the service has certainly not started it, so a retry is safe
    };

    progress came = progress::answered;
    h2::status status = {};
    secret_string message = {};  // only if the status is ok
    h2::metadata metadata = {};  // from the headers and the trailers
};

}  // namespace userinfo::h2
