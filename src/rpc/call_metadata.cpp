#include "rpc/call_metadata.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace userinfo::rpc {

namespace {

using steady = std::chrono::steady_clock;

constexpr auto authorization = "authorization";
constexpr std::string_view bearer = "Bearer ";
constexpr auto request_id = "userinfo-request-id";
constexpr auto traceparent = "traceparent";
constexpr auto client_address = "userinfo-client-address";
constexpr auto client_agent = "userinfo-client-agent-bin";
constexpr auto account_key = "userinfo-account";

// No call may take longer, whatever its caller says.
constexpr std::chrono::seconds longest_call{30};

bool is_token_character(char c) {
    constexpr std::string_view others = "-._~+/=";
    return is_alphanumeric(c) || others.contains(c);
}

std::string_view value_of(const grpc::ServerContext& context, const char* key) {
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

}  // namespace

void write_call(const call& call, grpc::ClientContext& context) {
    const auto left = call.deadline - steady::now();
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<std::chrono::system_clock::duration>(left));
    context.AddMetadata(request_id, call.request_id);
    if (call.trace) context.AddMetadata(traceparent, std::string(call.trace->text()));
    context.AddMetadata(client_address, call.address);
    context.AddMetadata(client_agent, call.user_agent);
    if (!call.access_token.empty() && std::ranges::all_of(call.access_token, is_token_character)) {
        context.AddMetadata(authorization, std::string(bearer) + call.access_token);
    }
}

std::optional<uuid> read_account(const grpc::ClientContext& context) {
    const auto& metadata = context.GetServerTrailingMetadata();
    const auto found = metadata.find(account_key);
    if (found == metadata.end()) return std::nullopt;
    return uuid::parse({found->second.data(), found->second.size()});
}

call read_call(const grpc::ServerContext& context) {
    const auto left = context.deadline() - std::chrono::system_clock::now();
    const auto token = value_of(context, authorization);
    return {.request_id = std::string(value_of(context, request_id)),
            .deadline = steady::now() + std::min<steady::duration>(left, longest_call),
            .address = std::string(value_of(context, client_address)),
            .user_agent = std::string(value_of(context, client_agent)),
            .access_token = std::string(token.starts_with(bearer) ? token.substr(bearer.size()) : std::string_view()),
            .trace = trace_context::parse(value_of(context, traceparent))};
}

void write_account(const call& call, grpc::ServerContext& context) {
    if (call.account) context.AddTrailingMetadata(account_key, call.account->to_string());
}

}  // namespace userinfo::rpc
