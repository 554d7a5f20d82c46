#include "rpc/call_metadata.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/ip_address.h"
#include "base/request_id.h"
#include "base/unicode.h"

namespace userinfo::rpc {

namespace {

using steady = std::chrono::steady_clock;

constexpr auto authorization = "authorization";
constexpr std::string_view bearer = "Bearer ";
constexpr auto request_id = "userinfo-request-id";
constexpr auto traceparent = "traceparent";
constexpr auto client_address = "userinfo-client-address";
constexpr auto client_agent = "userinfo-client-agent-bin";
constexpr auto user_agent = "user-agent";
constexpr auto renewed = "userinfo-renewed";
constexpr std::string_view yes = "1";
constexpr auto account_key = "userinfo-account";

// No call may take longer, whatever its caller says.
constexpr std::chrono::seconds longest_call{30};

// In bytes. Ours have some hundred. A longer one has no room beside the other metadata (h2::most_metadata).
constexpr std::size_t longest_token = 8 * 1024;

// Stands for what cannot be a token. To omit it would say that the client showed none.
constexpr std::string_view never_valid = "-";

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

bool may_be_token(std::string_view text) {
    return !text.empty() && text.size() <= longest_token && std::ranges::all_of(text, is_token_character);
}

// In the spelling of base/ip_address.h.
std::string address_of_client(const h2::server_call& rpc) {
    const auto named = is_from_gateway(rpc) ? rpc.metadata().value_of(client_address) : std::string_view();
    if (named == unix_peer) return std::string(unix_peer);
    const auto parsed = ip_address::parse(named);
    return parsed ? parsed->to_string() : rpc.peer().address;
}

std::string agent_of_client(const h2::server_call& rpc) {
    const auto agent = rpc.metadata().value_of(is_from_gateway(rpc) ? client_agent : user_agent);
    return std::string(cut_at_character(agent, longest_user_agent));
}

}  // namespace

h2::fields metadata_of(const call& call) {
    h2::fields sent;
    sent.reserve(6);
    sent.push_back({request_id, call.request_id});
    sent.push_back({client_address, call.address});
    sent.push_back({client_agent, to_base64(call.user_agent)});
    if (call.trace) sent.push_back({traceparent, std::string(call.trace->text())});
    if (call.renewed) sent.push_back({renewed, std::string(yes)});
    if (!call.access_token.empty()) {
        const std::string_view token = may_be_token(call.access_token) ? call.access_token : never_valid;
        sent.push_back({authorization, std::string(bearer).append(token)});
    }
    return sent;
}

std::optional<uuid> account_in(const h2::metadata& reply) { return uuid::parse(reply.value_of(account_key)); }

bool is_from_gateway(const h2::server_call& rpc) { return rpc.peer().is_authenticated; }

bool claims_to_be_gateway(const h2::server_call& rpc) {
    return !is_from_gateway(rpc) && !rpc.metadata().value_of(client_address).empty();
}

call call_of(const h2::server_call& rpc) {
    const auto id = is_from_gateway(rpc) ? rpc.metadata().value_of(request_id) : std::string_view();
    const auto token = rpc.metadata().value_of(authorization);
    return {.request_id = usable_request_id(id),
            .deadline = std::min(rpc.deadline(), steady::now() + longest_call),
            .address = address_of_client(rpc),
            .user_agent = agent_of_client(rpc),
            .access_token = std::string(token.starts_with(bearer) ? token.substr(bearer.size()) : std::string_view()),
            .trace = trace_context::parse(rpc.metadata().value_of(traceparent)),
            .client_left = [&rpc] { return rpc.is_abandoned(); },
            .renewed = is_from_gateway(rpc) && rpc.metadata().value_of(renewed) == yes};
}

h2::fields trailers_of(const call& call) {
    if (!call.account) return {};
    return {{account_key, call.account->to_string()}};
}

}  // namespace userinfo::rpc
