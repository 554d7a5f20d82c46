// The rules of Redis Cluster, without I/O: the slot of a key, the node that serves a slot, and the meaning of
// redirections (https://redis.io/docs/reference/cluster-spec/).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/redis/reply.h"

namespace userinfo::redis {

struct endpoint {
    std::string host;  // a name or an IP address, IPv6 without brackets
    std::uint16_t port = 0;

    std::string to_string() const;

    friend auto operator<=>(const endpoint&, const endpoint&) = default;
};

// Parses "host:port". Returns nothing if it is malformed.
std::optional<endpoint> parse_endpoint(std::string_view text);

inline constexpr std::size_t slot_count = 16384;

// Hashes the key, or only the part between the first "{" and the next "}" if that is not empty.
std::uint16_t slot_of(std::string_view key);

// The primary of each slot, and all nodes.
class slot_map {
public:
    // Parses the reply of the node `asked` to CLUSTER SLOTS. Returns nothing if it is malformed or contains no slot.
    static std::optional<slot_map> parse(const reply_part& slots, const endpoint& asked);

    const std::vector<endpoint>& nodes() const { return nodes_; }

    // Index into `nodes`. Empty if no node serves the slot.
    std::optional<std::size_t> primary_of(std::uint16_t slot) const;

    bool is_primary(std::size_t node) const;

    friend bool operator==(const slot_map&, const slot_map&) = default;

private:
    static constexpr std::uint16_t nobody = 0xffff;

    slot_map() : primaries_(slot_count, nobody) {}

    // Returns false if the reply is malformed.
    bool add_range(const reply_part& range, const endpoint& asked);
    std::uint16_t place_of(endpoint node);

    std::vector<endpoint> nodes_;
    std::vector<std::uint16_t> primaries_;  // of each slot, as indexes into nodes_
};

// What to do after an error reply.
struct refusal {
    enum class kind {
        moved,    // `to` serves this slot from now on: refresh the slot map and retry there
        ask,      // the slot is migrating to `to`: retry there once, after ASKING
        not_now,  // the node or its slots cannot answer at the moment
        other,    // an error of the command itself
    };
    kind what;
    endpoint to = {};
};

// `asked` is the node that sent the error.
refusal read_refusal(std::string_view error, const endpoint& asked);

}  // namespace userinfo::redis
