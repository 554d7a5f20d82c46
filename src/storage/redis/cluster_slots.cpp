#include "storage/redis/cluster_slots.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/port.h"

namespace userinfo::redis {

namespace {

// CRC-16/XMODEM: polynomial 0x1021, initial value 0.
constexpr std::array<std::uint16_t, 256> make_crc_table() {
    std::array<std::uint16_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto crc = static_cast<std::uint16_t>(i << 8);
        for (int bit = 0; bit < 8; ++bit) {
            crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
        }
        table[i] = crc;
    }
    return table;
}

std::uint16_t crc16(std::string_view bytes) {
    static constexpr auto table = make_crc_table();
    std::uint16_t crc = 0;
    for (const char c : bytes) {
        crc = static_cast<std::uint16_t>(crc << 8 ^ table[(crc >> 8 ^ static_cast<unsigned char>(c)) & 0xff]);
    }
    return crc;
}

std::string_view hashed_part(std::string_view key) {
    const auto open = key.find('{');
    if (open == key.npos) return key;
    const auto close = key.find('}', open + 1);
    if (close == key.npos || close == open + 1) return key;
    return key.substr(open + 1, close - open - 1);
}

// Splits at the first `mark`; the second part is empty if there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark) {
    const auto at = text.find(mark);
    if (at == text.npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

// A node that does not know its own address omits the host. It is where it was reached.
std::optional<endpoint> parse_node(const reply_part& node, const endpoint& asked) {
    if (node.size() < 2) return std::nullopt;
    const auto port = node[1].integer();
    if (!port || *port <= 0 || *port > 0xffff) return std::nullopt;
    const auto host = node[0].text().value_or("");
    return endpoint{.host = host.empty() ? asked.host : std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

}  // namespace

std::string endpoint::to_string() const { return host + ':' + std::to_string(port); }

std::optional<endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) return std::nullopt;
    return endpoint{.host = std::string(host), .port = *port};
}

std::uint16_t slot_of(std::string_view key) { return crc16(hashed_part(key)) % slot_count; }

std::optional<slot_map> slot_map::parse(const reply_part& slots, const endpoint& asked) {
    slot_map map;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!map.add_range(slots[i], asked)) return std::nullopt;
    }
    if (map.nodes_.empty()) return std::nullopt;
    return map;
}

bool slot_map::add_range(const reply_part& range, const endpoint& asked) {
    if (range.size() < 3) return false;
    const auto first = range[0].integer();
    const auto last = range[1].integer();
    if (!first || !last || *first < 0 || *last < *first || *last >= static_cast<std::int64_t>(slot_count)) return false;
    for (std::size_t i = 2; i < range.size(); ++i) {
        auto node = parse_node(range[i], asked);
        if (!node) return false;
        const auto place = place_of(std::move(*node));
        if (i == 2) std::fill(primaries_.begin() + *first, primaries_.begin() + *last + 1, place);
    }
    return true;
}

std::uint16_t slot_map::place_of(endpoint node) {
    const auto place = static_cast<std::uint16_t>(std::ranges::find(nodes_, node) - nodes_.begin());
    if (place == nodes_.size()) nodes_.push_back(std::move(node));
    return place;
}

std::optional<std::size_t> slot_map::primary_of(std::uint16_t slot) const {
    const auto place = primaries_[slot];
    if (place == nobody) return std::nullopt;
    return place;
}

bool slot_map::is_primary(std::size_t node) const {
    return std::ranges::find(primaries_, static_cast<std::uint16_t>(node)) != primaries_.end();
}

refusal read_refusal(std::string_view error, const endpoint& asked) {
    using enum refusal::kind;
    const auto [word, rest] = split(error, ' ');
    if (word == "MOVED" || word == "ASK") {
        auto where = split(rest, ' ').second;
        auto to = parse_endpoint(where.starts_with(':') ? asked.host + std::string(where) : std::string(where));
        if (!to) return {.what = not_now};
        return {.what = word == "MOVED" ? moved : ask, .to = std::move(*to)};
    }
    for (const auto* passing : {"CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY", "TRYAGAIN"}) {
        if (word == passing) return {.what = not_now};
    }
    return {.what = other};
}

}  // namespace userinfo::redis
