// What comes back from Redis: entries of the profile cache, which anybody who can write there may have made, and the
// words of its errors.
#include "fuzz/input.h"
#include "storage/redis/cluster_slots.h"
#include "storage/redis/profile_json.h"

namespace userinfo::redis {
namespace {

using fuzz::require;

void check_entry(std::string_view text) {
    const uuid account;
    const auto found = parse_profile_json(text, account);
    if (!found) return;
    const auto written = to_json(*found);
    const auto again = parse_profile_json(written, account);
    require(again.has_value(), "what was read can be written and read again");
    require(to_json(*again) == written, "an entry has one spelling");
    require(again->version == found->version, "the version stays");
}

void check_refusal(std::string_view error) {
    const auto refused = read_refusal(error, {.host = "10.0.0.1", .port = 6379});
    const bool leads_on = refused.what == refusal::kind::moved || refused.what == refusal::kind::ask;
    require(leads_on == (refused.to.port != 0), "who is sent elsewhere is told where to");
    require(leads_on != refused.to.host.empty(), "who is sent elsewhere is told where to");
}

void check(fuzz::input input) {
    const auto choice = input.byte() % 3;
    const auto text = input.rest();
    if (choice == 0) check_entry(text);
    if (choice == 1) check_refusal(text);
    if (choice == 2) require(slot_of(text) < slot_count, "each key has a slot");
}

}  // namespace
}  // namespace userinfo::redis

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::redis::check({data, size});
    return 0;
}
