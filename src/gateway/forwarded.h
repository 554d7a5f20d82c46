// Reads for whom proxies ask, hop by hop: from X-Forwarded-For, or from Forwarded (RFC 7239).
#pragma once

#include <optional>
#include <string_view>

#include "base/ip_address.h"
#include "http/message.h"

namespace userinfo::gateway {

// The header field that the proxies write. The other one may come from anybody.
enum class forwarded_header { x_forwarded_for, forwarded };

// The address in a hop: "203.0.113.7", "203.0.113.7:5123", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:5123". Empty
// if there is none, as in "unknown" and "_hidden" (RFC 7239 section 6).
std::optional<ip_address> address_of_hop(std::string_view hop);

// The hops of a request, the last one first. It reads no further than it is asked to, so that nothing that a client
// wrote changes how the hop after it is read.
class forwarded_hops {
public:
    // `request` must outlive it.
    forwarded_hops(const http::request& request, forwarded_header header) : request_(request), header_(header) {}

    // The address of the next hop to the left. Empty if there is no such hop, or if it has no address: then nothing to
    // the left of it is worth anything. Empty elements are no hops.
    std::optional<ip_address> next();

private:
    bool take_last_field();

    const http::request& request_;
    const forwarded_header header_;
    std::size_t fields_read_ = 0;  // of the request, from its end
    std::string_view rest_;        // of the last field that was taken
};

}  // namespace userinfo::gateway
