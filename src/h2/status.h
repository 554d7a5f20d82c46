// The status that a gRPC call ends with.
#pragma once

#include <string>
#include <string_view>

namespace userinfo::h2 {

// The values are gRPC's.
enum class status_code {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};

// As gRPC's documents write it: "NOT_FOUND".
std::string_view name_of(status_code code);

struct status {
    status_code code = status_code::ok;
    std::string message = {};  // any bytes
    std::string details = {};  // a serialized google.rpc.Status; often empty

    bool is_ok() const { return code == status_code::ok; }
};

}  // namespace userinfo::h2
