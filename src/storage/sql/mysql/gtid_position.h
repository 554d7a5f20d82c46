// A position in MariaDB's replication stream, such as "0-1-1203,7-2-5": for each domain, the server that wrote last and
// the number of what it wrote. Numbers rise within a domain, whichever server writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace userinfo::sql {

class gtid_position {
public:
    // The position before the first write.
    gtid_position() = default;

    // Empty if `text` is not a position.
    static std::optional<gtid_position> parse(std::string_view text);

    // Whether a server at this position has all that a server at `other` has.
    bool includes(const gtid_position& other) const;

    friend bool operator==(const gtid_position&, const gtid_position&) = default;

private:
    struct point {
        std::uint32_t domain;
        std::uint64_t number;

        friend bool operator==(const point&, const point&) = default;
    };

    std::vector<point> points_;  // one for each domain, in ascending order
};

}  // namespace userinfo::sql
