// If-Match and If-None-Match at every endpoint.
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "unit/gateway/gateway_fixture.h"

namespace userinfo::gateway {
namespace {

using http::method;
using http::test::header_list;
using http::test::values_of;
using test::grant_for;
using values = std::vector<std::string>;

constexpr std::string_view profile_path = "/api/user/profile";
constexpr std::string_view account_path = "/api/account";
constexpr std::string_view id = "c56a4180-65aa-42ec-a945-5fd21dec0538";

result<profile_view> at_version(std::uint64_t version) {
    const auto account = *uuid::parse(id);
    const profile value{.account = account, .username = "Anna", .birthday = {}, .avatar = {}, .email = "a@b.c"};
    return profile_view{
        .account = account,
        .profile = std::make_shared<const versioned_profile>(versioned_profile{.version = version, .value = value})};
}

class gateway_conditions : public test::gateway_fixture {
protected:
    gateway_conditions() {
        service_.on<use_cases::get_profile>([] { return at_version(7); });
        service_.on<use_cases::create_profile>(
            []() -> result<profile_view> { return failure(errc::already_exists, "There is one."); });
        service_.on<use_cases::get_account>([] { return result<account>(account()); });
        service_.on<use_cases::delete_account>([] { return result<void>(); });
        service_.on<use_cases::log_out>([] { return result<void>(); });
    }

    http::reply ask(method method, std::string_view path, header_list headers, std::string_view body = {}) {
        headers.push_back({"Authorization", "Bearer token"});
        return send(method, path, std::move(headers), body);
    }
    unsigned status_of(method method, std::string_view path, header_list headers, std::string_view body = {}) {
        return ask(method, path, std::move(headers), body).status;
    }
    unsigned create(header_list headers) {
        return status_of(method::post, profile_path, std::move(headers), "username=Anna");
    }

    static result<profile_view> no_profile() { return failure(errc::not_found, "There is none."); }
};

TEST_F(gateway_conditions, a_profile_that_the_client_has_is_not_sent_again) {
    for (const auto* known : {"\"7\"", "W/\"7\"", "\"6\", \"7\"", "*"}) {
        for (const auto method : {method::get, method::head}) {
            const auto reply = ask(method, profile_path, {{"If-None-Match", known}});
            EXPECT_EQ(reply.status, 304U) << known;
            EXPECT_EQ(reply.body, "");
            EXPECT_EQ(values_of(reply, "ETag"), values{"\"7\""});
            EXPECT_EQ(values_of(reply, "Userinfo-Version"), values{std::string(id) + ".7"});
            EXPECT_TRUE(reply.fixed_lines.starts_with("Cache-Control: no-store\r\n"));
        }
    }
    for (const auto* other : {"\"6\"", "", "\"07\""}) {
        EXPECT_EQ(status_of(method::get, profile_path, {{"If-None-Match", other}}), 200U) << other;
    }
}

TEST_F(gateway_conditions, another_version_than_the_client_asks_for_is_not_shown) {
    for (const auto* other : {"\"6\"", "W/\"7\"", ""}) {
        const auto reply = ask(method::get, profile_path, {{"If-Match", other}, {"If-None-Match", "\"7\""}});
        EXPECT_EQ(reply.status, 412U) << other;
        EXPECT_TRUE(reply.body.starts_with("{\"code\":100005,")) << reply.body;
    }
    EXPECT_EQ(status_of(method::get, profile_path, {{"If-Match", "\"7\""}}), 200U);
    EXPECT_EQ(status_of(method::get, profile_path, {{"If-Match", "*"}}), 200U);
}

TEST_F(gateway_conditions, a_read_with_a_condition_that_cannot_be_read_is_malformed) {
    const auto reply = ask(method::get, profile_path, {{"If-None-Match", "7"}});
    EXPECT_EQ(reply.status, 400U);
    EXPECT_TRUE(reply.body.starts_with("{\"code\":100001,")) << reply.body;
}

TEST_F(gateway_conditions, a_read_that_fails_fails_for_its_own_reason) {
    service_.on<use_cases::get_profile>([] { return no_profile(); });
    for (const auto* name : {"If-Match", "If-None-Match"}) {
        EXPECT_EQ(status_of(method::get, profile_path, {{name, "*"}}), 404U) << name;
    }
    service_.on<use_cases::get_profile>([]() -> result<profile_view> { return failure(errc::invalid_token, "No."); });
    EXPECT_EQ(status_of(method::get, profile_path, {{"If-Match", "\"6\""}}), 401U);
}

TEST_F(gateway_conditions, tokens_that_were_renewed_on_the_way_are_sent_with_304) {
    service_.on<use_cases::refresh>([] { return result<token_grant>(grant_for(transport::cookie)); });
    const auto reply = send(method::get, profile_path, {{"Cookie", "refresh_token=old"}, {"If-None-Match", "\"7\""}});
    EXPECT_EQ(reply.status, 304U);
    EXPECT_EQ(cookies_of(reply), (values{"refresh_token=new-refresh", "access_token=new-access"}));
}

TEST_F(gateway_conditions, a_write_takes_those_of_if_none_match_to_the_service) {
    std::vector<std::uint64_t> refused;
    service_.on<use_cases::delete_profile>([&](const use_cases::delete_profile& asked) {
        refused = asked.condition.unless_versions;
        return at_version(8);
    });
    EXPECT_EQ(status_of(method::delete_, profile_path, {{"If-None-Match", "\"5\", W/\"6\""}}), 200U);
    EXPECT_EQ(refused, (std::vector<std::uint64_t>{5, 6}));
    EXPECT_EQ(status_of(method::delete_, profile_path, {{"If-None-Match", "7"}}), 400U);
}

TEST_F(gateway_conditions, a_profile_that_exists_fails_a_creation_by_its_condition_before_the_conflict) {
    EXPECT_EQ(create({}), 409U);
    EXPECT_EQ(create({{"If-None-Match", "*"}}), 412U);
    EXPECT_EQ(create({{"If-None-Match", "\"7\""}}), 412U);
    EXPECT_EQ(create({{"If-None-Match", "\"6\""}}), 409U);
    EXPECT_EQ(create({{"If-Match", "\"6\""}}), 412U);
    EXPECT_EQ(create({{"If-Match", "\"7\""}}), 409U);
    EXPECT_EQ(create({{"If-Match", "*"}}), 409U);
    EXPECT_EQ(create({{"If-Match", "*"}, {"If-None-Match", "\"7\""}}), 412U);
    EXPECT_EQ(create({{"If-Match", "7"}}), 400U);
}

TEST_F(gateway_conditions, a_profile_is_created_only_if_no_version_of_it_is_asked_for) {
    service_.on<use_cases::get_profile>([] { return no_profile(); });
    service_.on<use_cases::create_profile>([] { return at_version(1); });
    for (const auto* tags : {"*", "\"7\"", ""}) {
        EXPECT_EQ(create({{"If-None-Match", tags}}), 200U) << tags;
        service_.calls.clear();
        EXPECT_EQ(create({{"If-Match", tags}}), 412U) << tags;
        EXPECT_EQ(service_.calls, values{"GetProfile token"}) << tags;
    }
}

TEST_F(gateway_conditions, what_cannot_be_asked_for_refuses_a_creation_for_its_own_reason) {
    service_.on<use_cases::get_profile>([]() -> result<profile_view> { return failure(errc::invalid_token, "No."); });
    EXPECT_EQ(create({{"If-Match", "*"}}), 401U);
    EXPECT_EQ(create({{"If-None-Match", "*"}}), 401U);
}

TEST_F(gateway_conditions, what_has_no_version_matches_the_asterisk_alone) {
    EXPECT_EQ(status_of(method::get, account_path, {{"If-Match", "\"7\""}}), 412U);
    EXPECT_EQ(status_of(method::get, account_path, {{"If-Match", "*"}}), 200U);
    EXPECT_EQ(status_of(method::get, account_path, {{"If-None-Match", "\"7\""}}), 200U);
    const auto reply = ask(method::get, account_path, {{"If-None-Match", "*"}});
    EXPECT_EQ(reply.status, 304U);
    EXPECT_EQ(values_of(reply, "ETag"), values());
}

TEST_F(gateway_conditions, what_has_no_version_is_not_deleted_at_one) {
    const auto remove = [this](header_list headers) {
        service_.calls.clear();
        return status_of(method::delete_, account_path, std::move(headers), "password=a+phrase");
    };
    EXPECT_EQ(remove({{"If-Match", "\"7\""}}), 412U);
    EXPECT_EQ(service_.calls, values{"GetAccount token"});
    EXPECT_EQ(remove({{"If-None-Match", "*"}}), 412U);
    EXPECT_EQ(remove({{"If-Match", "7"}}), 400U);
    EXPECT_EQ(remove({{"If-Match", "*"}}), 200U);
    EXPECT_EQ(service_.calls, values{"DeleteAccount token"});
    EXPECT_EQ(remove({{"If-None-Match", "\"7\""}}), 200U);

    service_.on<use_cases::get_account>([]() -> result<account> { return failure(errc::invalid_token, "No."); });
    EXPECT_EQ(remove({{"If-Match", "\"7\""}}), 401U);
}

constexpr std::string_view another_id = "11111111-2222-4333-8444-555555555555";
constexpr std::array collections{"/api/account/sessions", "/api/account/devices"};

// A service that has one session and one device, both with the id `id`.
class gateway_conditions_of_deletions : public gateway_conditions {
protected:
    gateway_conditions_of_deletions() {
        service_.on<use_cases::list_sessions>([] { return list_of<session_view>(); });
        service_.on<use_cases::list_devices>([] { return list_of<device_view>(); });
        answer_deletions([](std::string_view asked) -> result<void> {
            if (asked == id) return {};
            return failure(errc::not_found, "There is none.");
        });
    }

    void answer_deletions(auto reply) {
        service_.on<use_cases::end_session>([=](const use_cases::end_session& asked) { return reply(asked.id); });
        service_.on<use_cases::forget_device>([=](const use_cases::forget_device& asked) { return reply(asked.id); });
        service_.on<use_cases::end_other_sessions>([=] { return reply(id); });
    }

    unsigned remove(std::string_view collection, std::string_view which, header_list conditions) {
        service_.calls.clear();
        return status_of(method::delete_, std::string(collection).append("/").append(which), std::move(conditions));
    }

private:
    template <class View>
    static result<std::vector<View>> list_of() {
        std::vector<View> views(1);
        views.front().id = *uuid::parse(id);
        return views;
    }
};

TEST_F(gateway_conditions_of_deletions, nothing_is_deleted_at_a_version) {
    EXPECT_EQ(remove(collections[0], id, {{"If-Match", "\"7\""}}), 412U);
    EXPECT_EQ(service_.calls, (values{"EndSession token", "ListSessions token"}));
    EXPECT_EQ(remove(collections[1], id, {{"If-None-Match", "*"}}), 412U);
    EXPECT_EQ(service_.calls, (values{"ForgetDevice token", "ListDevices token"}));
    for (const auto* collection : collections) {
        EXPECT_EQ(remove(collection, "C56A4180-65AA-42EC-A945-5FD21DEC0538", {{"If-Match", "\"7\""}}), 412U);
        EXPECT_EQ(remove(collection, id, {{"If-Match", "*"}}), 200U);
        EXPECT_EQ(service_.calls.size(), 1U);
    }
    service_.calls.clear();
    EXPECT_EQ(status_of(method::delete_, collections[0], {{"If-Match", "\"7\""}}), 412U);
    EXPECT_EQ(service_.calls, values{"EndSession token"});
}

TEST_F(gateway_conditions_of_deletions, what_does_not_exist_is_not_found_under_any_condition) {
    for (const auto* collection : collections) {
        for (const auto missing : {another_id, std::string_view("nonsense")}) {
            for (const auto& condition : {header_list{{"If-Match", "\"7\""}}, header_list{{"If-None-Match", "*"}},
                                          header_list{{"If-Match", "*"}}}) {
                EXPECT_EQ(remove(collection, missing, condition), 404U) << collection << ' ' << missing;
            }
        }
    }
}

TEST_F(gateway_conditions_of_deletions, a_log_in_that_is_missing_or_stale_is_told_first) {
    for (const auto code : {errc::invalid_token, errc::reauthentication_required}) {
        answer_deletions([=](std::string_view) -> result<void> { return failure(code, "No."); });
        for (const auto* collection : collections) {
            EXPECT_EQ(remove(collection, id, {{"If-Match", "\"7\""}}), 401U);
            EXPECT_EQ(remove(collection, another_id, {{"If-None-Match", "*"}}), 401U);
        }
        EXPECT_EQ(status_of(method::delete_, collections[0], {{"If-Match", "\"7\""}}), 401U);
    }
}

TEST_F(gateway_conditions_of_deletions, what_cannot_be_listed_is_refused_for_its_own_reason) {
    service_.on<use_cases::list_sessions>(
        []() -> result<std::vector<session_view>> { return failure(errc::unavailable, "No."); });
    EXPECT_EQ(remove(collections[0], id, {{"If-Match", "\"7\""}}), 503U);
}

TEST_F(gateway_conditions, a_request_that_selects_nothing_has_none) {
    EXPECT_EQ(status_of(method::post, "/api/account/logout", {{"If-Match", "\"7\""}}), 200U);
    EXPECT_EQ(status_of(method::post, "/api/account/logout", {{"If-None-Match", "*"}}), 200U);
}

}  // namespace
}  // namespace userinfo::gateway
