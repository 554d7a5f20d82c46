// The rules of Redis Cluster, without any I/O: which slot a key is in, which node serves it, and what a node means that
// refuses a command (https://redis.io/docs/reference/cluster-spec/).
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

// From "host:port", as Redis and people write it. Nothing if it is not that.
std::optional<endpoint> parse_endpoint(std::string_view text);

inline constexpr std::size_t slot_count = 16384;

// Of the key, or of what stands between its first "{" and the next "}", if that is not empty.
std::uint16_t slot_of(std::string_view key);

// Which primary serves each slot, and which nodes there are.
class slot_map {
public:
    // From the reply of `asked` to CLUSTER SLOTS. Nothing if it is not such a reply, or serves no slot.
    static std::optional<slot_map> parse(const reply_part& slots, const endpoint& asked);

    const std::vector<endpoint>& nodes() const { return nodes_; }

    // Its place in `nodes`. Nothing: nobody serves it.
    std::optional<std::size_t> primary_of(std::uint16_t slot) const;

    bool is_primary(std::size_t node) const;

    friend bool operator==(const slot_map&, const slot_map&) = default;

private:
    static constexpr std::uint16_t nobody = 0xffff;

    slot_map() : primaries_(slot_count, nobody) {}

    // False: the reply is none.
    bool add_range(const reply_part& range, const endpoint& asked);
    std::uint16_t place_of(endpoint node);

    std::vector<endpoint> nodes_;
    std::vector<std::uint16_t> primaries_;  // of each slot, as places in nodes_
};

// What to do after a reply that is an error.
struct refusal {
    enum class kind {
        moved,    // `to` serves this slot from now on: look again at all slots, and ask there
        ask,      // `to` gets this slot just now: ask there this once, with ASKING in front
        not_now,  // the node or its slots are in no state to answer
        other,    // about the command itself
    };
    kind what;
    endpoint to = {};
};

// `asked` is who said so.
refusal read_refusal(std::string_view error, const endpoint& asked);

}  // namespace userinfo::redis
