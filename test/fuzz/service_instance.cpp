// What is announced in etcd, which anybody who can write there may have made: gateways connect to where it says.
#include "discovery/service_instance.h"

#include "fuzz/input.h"
#include "h2/target.h"

namespace userinfo::discovery {
namespace {

using fuzz::require;

void check(std::string_view text) {
    const auto found = parse_instance(text);
    if (!found) return;
    require(found->weight >= 1 && found->weight <= 1000, "a weight is a share");
    require(!found->address.empty() && found->address.size() <= 260, "an address is as long as one can be");
    require(found->address.starts_with("unix:/") || !found->address.contains('/'), "there is one scheme");
    require(!h2::host_of(found->address).empty(), "an address has a host");
    if (h2::is_unix(found->address)) require(h2::stays_on_this_machine(found->address), "a unix socket is here");
    require(parse_instance(to_text(*found)) == found, "what was read can be written and read again");
}

}  // namespace
}  // namespace userinfo::discovery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::discovery::check({reinterpret_cast<const char*>(data), size});
    return 0;
}
