#include "rpc/message_bytes.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "rpc/request_bytes.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {
namespace {

TEST(message_bytes, bring_a_message_back) {
    v1::LoginRequest sent, got;
    sent.set_email("anna@example.org");
    sent.set_password("a phrase");
    const auto bytes = serialize(sent);
    EXPECT_EQ(bytes.view(), sent.SerializeAsString());
    ASSERT_TRUE(parse(got, bytes));
    EXPECT_EQ(got.email(), "anna@example.org");
    EXPECT_EQ(got.password(), "a phrase");
    EXPECT_TRUE(serialize(v1::LoginRequest()).empty());
    EXPECT_TRUE(parse(got, secret_string()));
    EXPECT_FALSE(parse(got, secret_string("\xff\xff")));
}

TEST(message_bytes, wipes_all_texts_of_a_message) {
    v1::LoginRequest message;
    message.set_email("anna@example.org");
    message.set_password(std::string(100, 'p'));
    message.set_transport(v1::TRANSPORT_BEARER);
    wipe_fields(message);
    EXPECT_EQ(message.email(), std::string(16, '\0'));
    EXPECT_EQ(message.password(), std::string(100, '\0'));
    wipe_fields(message);
    v1::LoginRequest empty;
    wipe_fields(empty);
    EXPECT_EQ(empty.ByteSizeLong(), 0U);
}

TEST(message_bytes, wipes_the_messages_within_a_message) {
    v1::ListSessionsResponse message;
    for (const auto* const device : {"a phone", "a desk"}) message.add_sessions()->set_device(device);
    wipe_fields(message);
    EXPECT_EQ(message.sessions(0).device(), std::string(7, '\0'));
    EXPECT_EQ(message.sessions(1).device(), std::string(6, '\0'));

    v1::CreateProfileRequest nested;
    nested.mutable_input()->set_username("Ada");
    wipe_fields(nested);
    EXPECT_EQ(nested.input().username(), std::string(3, '\0'));
}

TEST(request_bytes, bring_a_request_back) {
    const auto bytes =
        serialize_request(use_cases::change_password{.current_password = secret_string("the old phrase"),
                                                     .new_password = secret_string(std::string_view("\0\xff", 2))});
    const auto asked = parse_request<use_cases::change_password>(bytes);
    ASSERT_TRUE(asked && *asked);
    EXPECT_EQ((*asked)->current_password.view(), "the old phrase");
    EXPECT_EQ((*asked)->new_password.view(), std::string_view("\0\xff", 2));
}

TEST(request_bytes, tell_what_is_no_message_from_what_lacks_something) {
    EXPECT_FALSE(parse_request<use_cases::log_in>(secret_string("\xff\xff")));
    EXPECT_FALSE(parse_request<use_cases::refresh>(secret_string("\xff\xff")));
    const auto without_transport = parse_request<use_cases::log_in>(secret_string());
    ASSERT_TRUE(without_transport);
    EXPECT_EQ(without_transport->error().field, "transport");
}

}  // namespace
}  // namespace userinfo::rpc
