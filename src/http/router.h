// Finds the route of a request in a table of methods and path patterns.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/message.h"

namespace userinfo::http {

struct route {
    http::method method;
    std::string_view pattern;  // "/api/account/sessions/{id}": a parameter matches one whole, non-empty segment
};

class router {
public:
    static constexpr std::size_t max_parameters = 4;

    enum class outcome { found, not_found, method_not_allowed, unknown_method, options };

    struct match {
        router::outcome outcome = outcome::not_found;
        std::size_t route = 0;                                      // found: its index in the table
        std::array<std::string_view, max_parameters> parameters{};  // found: in the pattern's order, as received
        std::string_view allow{};  // method_not_allowed, options: the value of `Allow`; lives as long as the router
    };

    // The strings of `table` must outlive the router. Throws std::invalid_argument for a duplicate route or an invalid
    // pattern.
    explicit router(std::span<const route> table);

    // An unknown method is one on every path. `outcome::options` tells the methods of a path (RFC 9110, section 9.3.7),
    // or for the path "*" of all paths together, unless OPTIONS has a route of its own. HEAD matches the route of GET
    // unless it has its own. A static path takes precedence over a pattern with parameters.
    match find(method method, std::string_view path) const;

private:
    static constexpr std::size_t methods = 6;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    using method_set = std::array<bool, methods>;

    // All routes of one path.
    struct resource {
        std::string_view pattern;
        std::array<std::size_t, methods> route_of{none, none, none, none, none, none};
        std::string allow{};
    };

    resource& resource_for(std::string_view pattern);
    static void complete(resource& resource);
    static std::string allow_of(method_set has_method);
    static void fill(match& match, const resource& resource, method method);

    std::unordered_map<std::string_view, resource> static_;
    std::vector<resource> with_parameters_;
    std::string allow_anywhere_;
};

}  // namespace userinfo::http
