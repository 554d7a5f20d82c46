// gRPC server reflection: grpc.reflection.v1, and v1alpha, which is the same. Tells clients the contract.
#pragma once

#include <array>
#include <string_view>

#include "base/task.h"
#include "h2/server_call.h"

namespace userinfo::rpc {

inline constexpr std::array<std::string_view, 2> reflection_paths{
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};

// Answers the requests of a stream one after the other.
task<void> reflect(h2::server_call& call);

}  // namespace userinfo::rpc
