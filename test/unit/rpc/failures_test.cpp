#include "rpc/failures.h"

#include <gtest/gtest.h>

namespace userinfo::rpc {
namespace {

using namespace std::chrono_literals;

error every_detail(errc code) {
    return {.code = code,
            .message = "What is wrong.",
            .field = "email",
            .reason = "too_long",
            .retry_after = 7s,
            .greatest_age = 3600s};
}

TEST(failures, every_error_comes_back_as_it_went) {
    for (int number = 1; number <= static_cast<int>(errc::internal); ++number) {
        const auto sent = every_detail(static_cast<errc>(number));
        const auto status = to_status(sent);
        EXPECT_FALSE(status.ok());
        EXPECT_FALSE(is_lost_connection(status)) << number;
        const auto got = to_error(status);
        EXPECT_EQ(got.code, sent.code);
        EXPECT_EQ(got.message, sent.message);
        EXPECT_EQ(got.field, sent.field);
        EXPECT_EQ(got.reason, sent.reason);
        EXPECT_EQ(got.retry_after, sent.retry_after);
        EXPECT_EQ(got.greatest_age, sent.greatest_age);
    }
}

TEST(failures, a_peer_that_knows_only_codes_learns_what_to_do) {
    EXPECT_EQ(to_status(every_detail(errc::token_expired)).error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(to_status(every_detail(errc::wrong_password)).error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(to_status(every_detail(errc::version_mismatch)).error_code(), grpc::StatusCode::ABORTED);
    EXPECT_EQ(to_status(every_detail(errc::too_many_attempts)).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(to_status(every_detail(errc::overloaded)).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(failures, a_status_that_the_service_did_not_make_is_its_absence) {
    for (const auto code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED}) {
        const auto got = to_error({code, "connection refused to 10.0.0.7"});
        EXPECT_EQ(got.code, errc::unavailable);
        EXPECT_EQ(got.retry_after, 1s);
        EXPECT_EQ(got.message.find("10.0.0.7"), std::string::npos);
    }
    EXPECT_TRUE(is_lost_connection({grpc::StatusCode::UNAVAILABLE, ""}));
    EXPECT_FALSE(is_lost_connection({grpc::StatusCode::DEADLINE_EXCEEDED, ""}));
}

TEST(failures, an_answer_that_is_not_of_the_protocol_is_our_fault) {
    EXPECT_EQ(to_error({grpc::StatusCode::UNIMPLEMENTED, "what?"}).code, errc::internal);
    EXPECT_EQ(to_error({grpc::StatusCode::NOT_FOUND, "no", "not a message"}).code, errc::internal);
}

}  // namespace
}  // namespace userinfo::rpc
