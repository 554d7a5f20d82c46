#include "rpc/call_metadata.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/base64.h"

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

// RFC 6750, section 2.1. A table: there are some hundred in each call.
constexpr auto token_characters = [] {
    std::array<bool, 256> table{};
    for (unsigned byte = 0; byte < table.size(); ++byte) {
        const auto c = static_cast<char>(byte);
        table[byte] = is_alphanumeric(c) || std::string_view("-._~+/=").contains(c);
    }
    return table;
}();

bool is_token_character(char c) { return token_characters[static_cast<unsigned char>(c)]; }

}  // namespace

h2::fields metadata_of(const call& call) {
    h2::fields sent;
    sent.reserve(5);
    sent.push_back({request_id, call.request_id});
    sent.push_back({client_address, call.address});
    sent.push_back({client_agent, to_base64(call.user_agent)});
    if (call.trace) sent.push_back({traceparent, std::string(call.trace->text())});
    if (!call.access_token.empty() && std::ranges::all_of(call.access_token, is_token_character)) {
        sent.push_back({authorization, std::string(bearer) + call.access_token});
    }
    return sent;
}

std::optional<uuid> account_in(const h2::metadata& reply) { return uuid::parse(reply.value_of(account_key)); }

call call_of(const h2::server_call& rpc) {
    const auto text = [&rpc](const char* key) { return std::string(rpc.metadata().value_of(key)); };
    const auto token = rpc.metadata().value_of(authorization);
    return {.request_id = text(request_id),
            .deadline = std::min(rpc.deadline(), steady::now() + longest_call),
            .address = text(client_address),
            .user_agent = text(client_agent),
            .access_token = std::string(token.starts_with(bearer) ? token.substr(bearer.size()) : std::string_view()),
            .trace = trace_context::parse(rpc.metadata().value_of(traceparent)),
            .client_left = [&rpc] { return rpc.is_abandoned(); }};
}

h2::fields trailers_of(const call& call) {
    if (!call.account) return {};
    return {{account_key, call.account->to_string()}};
}

}  // namespace userinfo::rpc
