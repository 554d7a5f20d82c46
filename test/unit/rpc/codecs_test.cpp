#include "rpc/codecs.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "profile/profile_rules.h"
#include "rpc/method_path.h"
#include "support/failure_of.h"

namespace userinfo::rpc {
namespace {

using test::failure_of;

TEST(codecs, carry_each_use_case_by_the_method_of_its_name) {
    const auto& service = *v1::Userinfo::descriptor();
    std::set<std::string> carried;
    use_cases::all::for_each([&]<class UseCase> {
        const std::string name(UseCase::description.name);
        const auto* const method = service.FindMethodByName(name);
        ASSERT_NE(method, nullptr) << name;
        EXPECT_EQ(method->input_type(), codec<UseCase>::request::descriptor()) << name;
        EXPECT_EQ(method->output_type(), codec<UseCase>::response::descriptor()) << name;
        EXPECT_EQ(method_path<UseCase>, "/" + service.full_name() + "/" + name);
        EXPECT_TRUE(carried.insert(name).second) << name << " names two use cases";
    });
    EXPECT_EQ(carried.size(), static_cast<std::size_t>(service.method_count())) << "a method carries no use case";
}

TEST(codecs, know_which_use_cases_hold_a_secret) {
    std::set<std::string_view> holders;
    use_cases::all::for_each([&]<class UseCase> {
        if (use_cases::holds_secret<UseCase>) holders.insert(UseCase::description.name);
    });
    EXPECT_EQ(holders,
              (std::set<std::string_view>{"ChangePassword", "DeleteAccount", "Login", "Reauthenticate", "Register"}));
}

TEST(codecs, take_no_transport_that_the_service_does_not_know) {
    const auto refused = codec<use_cases::log_in>::decode(v1::LoginRequest());
    ASSERT_EQ(failure_of(refused), errc::invalid_argument);
    EXPECT_EQ(refused.error().field, "transport");
    EXPECT_EQ(failure_of(codec<use_cases::refresh>::decode(v1::RefreshRequest())), errc::invalid_argument);
}

using versions = std::vector<std::uint64_t>;

// A service of before `if_versions` reads `if_version` alone, and without it writes whatever the version is.
TEST(codecs, send_older_services_one_of_the_versions_that_a_write_is_for) {
    const auto update =
        codec<use_cases::update_profile>::encode({.input = {}, .condition = {.if_versions = {3, 7, 0}}});
    EXPECT_EQ(update.if_version(), 7U);
    EXPECT_EQ(update.if_versions_size(), 3);
    const auto removal = codec<use_cases::delete_profile>::encode({.condition = {.if_versions = {7}}});
    EXPECT_EQ(removal.if_version(), 7U);
    EXPECT_FALSE(codec<use_cases::update_profile>::encode({}).has_if_version());
    EXPECT_FALSE(codec<use_cases::delete_profile>::encode({}).has_if_version());
}

TEST(codecs, take_the_one_version_of_older_gateways) {
    v1::UpdateProfileRequest update;
    v1::DeleteProfileRequest removal;
    EXPECT_EQ(codec<use_cases::update_profile>::decode(update)->condition.if_versions, versions());
    EXPECT_EQ(codec<use_cases::delete_profile>::decode(removal)->condition.if_versions, versions());
    update.set_if_version(3);
    removal.set_if_version(0);
    EXPECT_EQ(codec<use_cases::update_profile>::decode(update)->condition.if_versions, versions{3});
    EXPECT_EQ(codec<use_cases::delete_profile>::decode(removal)->condition.if_versions, versions{0});
    update.add_if_versions(4);
    EXPECT_EQ(codec<use_cases::update_profile>::decode(update)->condition.if_versions, versions{4});
}

// An older service must not do without its condition what it cannot check.
TEST(codecs, send_older_services_no_version_if_a_write_rules_some_out) {
    const auto update =
        codec<use_cases::update_profile>::encode({.input = {}, .condition = {.unless_versions = {3, 7}}});
    EXPECT_TRUE(update.has_if_version());
    EXPECT_EQ(update.if_version(), 0U);
    EXPECT_EQ(update.if_versions_size(), 0);
    const auto decoded = codec<use_cases::update_profile>::decode(update)->condition;
    EXPECT_EQ(decoded.if_versions, versions());
    EXPECT_EQ(decoded.unless_versions, (versions{3, 7}));
    const auto removal = codec<use_cases::delete_profile>::encode({.condition = {.unless_versions = {3}}});
    EXPECT_EQ(removal.if_version(), 0U);
    EXPECT_EQ(codec<use_cases::delete_profile>::decode(removal)->condition.unless_versions, versions{3});
}

TEST(codecs, know_no_device_from_older_programs) {
    v1::LoginRequest asked;
    asked.set_transport(v1::TRANSPORT_COOKIE);
    EXPECT_EQ(codec<use_cases::log_in>::decode(asked)->device, "");
    asked.set_device("known");
    EXPECT_EQ(codec<use_cases::log_in>::decode(asked)->device, "known");
    v1::LoginResponse reply;
    reply.mutable_grant()->set_access_token("t");
    reply.mutable_grant()->set_transport(v1::TRANSPORT_COOKIE);
    EXPECT_EQ(codec<use_cases::log_in>::decode_reply(reply)->device, "");
}

TEST(codecs, take_one_limit_for_all_passwords_from_older_services) {
    using settings = codec<use_cases::get_page_settings>;
    auto reply = settings::encode_reply(
        {.shortest_password = 15, .shortest_first_password = 6, .earliest_birthday = earliest_birthday});
    EXPECT_EQ(settings::decode_reply(reply)->shortest_password, 15U);
    EXPECT_EQ(settings::decode_reply(reply)->shortest_first_password, 6U);
    reply.clear_shortest_first_password();
    EXPECT_EQ(settings::decode_reply(reply)->shortest_first_password, 15U);
}

}  // namespace
}  // namespace userinfo::rpc
