// The product that the web pages belong to, and where they lead back to it (docs/design.md, "Back to the product").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace userinfo::gateway {

struct product {
    std::string name;                    // empty: the pages say the host that they lead to
    std::string home;                    // where pages lead that were not told: a path or a URL; empty: the profile
    std::vector<std::string> return_to;  // the origins that pages may lead to besides their own
};

// These return `text`. They throw std::invalid_argument, with a message for the operator, unless it is

// a name that fits into the head of a page;
std::string parse_product_name(std::string_view text);

// a path of the pages' origin outside of /api/, or an http or https URL;
std::string parse_home(std::string_view text);

// an origin (RFC 6454) of one host, as browsers write it.
std::string parse_return_origin(std::string_view text);

}  // namespace userinfo::gateway
