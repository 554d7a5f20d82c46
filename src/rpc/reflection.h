// gRPC server reflection: grpc.reflection.v1, and v1alpha, which is the same. Tells clients the contract.
#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "base/task.h"
#include "h2/server_call.h"

namespace userinfo::rpc {

inline constexpr std::array<std::string_view, 2> reflection_paths{
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};

inline constexpr std::chrono::minutes longest_reflection{5};

// Answers the requests of a stream one after the other, for `time` at most; its client opens another one.
task<void> reflect(h2::server_call& call, std::chrono::milliseconds time = longest_reflection);

}  // namespace userinfo::rpc
