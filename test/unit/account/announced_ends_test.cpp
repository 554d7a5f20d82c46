#include <functional>

#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace test;

// One way to end `ended`, which belongs to the account of `caller`, another session.
struct way_to_end {
    const char* name;
    std::function<bool(service_fixture&, const principal& caller, const token_grant& ended)> go;
};

const std::vector<way_to_end> ways{
    {"log-out with the access token",
     [](auto& parts, const auto&, const auto& ended) {
         return run(parts.sessions.log_out(parts.request(ended.access_token), "")).has_value();
     }},
    {"log-out with the refresh token",
     [](auto& parts, const auto&, const auto& ended) {
         return run(parts.sessions.log_out(parts.request(), ended.refresh_token)).has_value();
     }},
    {"ending one",
     [](auto& parts, const auto& caller, const auto& ended) {
         const auto id = parts.owner_of(ended).session;
         return run(parts.sessions.end_one(parts.request(), caller, id)).has_value();
     }},
    {"ending the others",
     [](auto& parts, const auto& caller, const auto&) {
         return run(parts.sessions.end_others(parts.request(), caller)).has_value();
     }},
    {"one session too many", [](auto& parts, const auto&, const auto&) { return parts.try_log_in(anna).has_value(); }},
    {"a refresh token used twice",
     [](auto& parts, const auto&, const auto& ended) {
         const auto second = parts.refresh(ended).value();
         const bool went_on = parts.refresh(second).has_value();
         parts.clock.advance(std::chrono::minutes(1));
         return went_on && !parts.refresh(ended);
     }},
    {"a change of password",
     [](auto& parts, const auto& caller, const auto&) {
         return run(parts.accounts.change_password(parts.request(), caller, good_password, "a newer phrase"))
             .has_value();
     }},
    {"leaving",
     [](auto& parts, const auto& caller, const auto&) {
         return run(parts.accounts.remove(parts.request(), caller, good_password)).has_value();
     }},
    {"suspension",
     [](auto& parts, const auto& caller, const auto&) {
         return run(parts.operations.set_status(caller.account, account_status::suspended, "cli:0")).has_value();
     }},
    {"removal by an operator",
     [](auto& parts, const auto& caller, const auto&) {
         return run(parts.operations.remove(caller.account, "cli:0")).has_value();
     }},
};

// A view of the table that is up to a second old would not show it yet: it must stand in the set and in the cache.
TEST(announced_ends, every_way_to_end_a_session_holds_before_the_reply) {
    for (const auto& way : ways) {
        service_fixture parts({.sessions = {.limits = {.per_account = 2}}});
        parts.register_account(anna);
        const auto ended = parts.log_in(anna);
        parts.clock.advance(std::chrono::seconds(1));
        const auto caller = parts.owner_of(parts.log_in(anna));
        const auto id = parts.owner_of(ended).session;
        ASSERT_FALSE(parts.revoked.contains(id)) << way.name;
        ASSERT_TRUE(way.go(parts, caller, ended)) << way.name;
        EXPECT_TRUE(parts.revoked.contains(id)) << way.name;
        EXPECT_EQ(run(parts.session_cache.get(caller.account, id)).state, cached_session::revoked) << way.name;
    }
}

}  // namespace
}  // namespace userinfo
