#include "rpc/failures.h"

#include <gtest/gtest.h>

#include "userinfo/v1/status.pb.h"
#include "userinfo/v1/userinfo.pb.h"

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
        EXPECT_FALSE(status.is_ok());
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
    EXPECT_EQ(to_status(every_detail(errc::token_expired)).code, h2::status_code::unauthenticated);
    EXPECT_EQ(to_status(every_detail(errc::wrong_password)).code, h2::status_code::permission_denied);
    EXPECT_EQ(to_status(every_detail(errc::version_mismatch)).code, h2::status_code::aborted);
    EXPECT_EQ(to_status(every_detail(errc::too_many_attempts)).code, h2::status_code::resource_exhausted);
    EXPECT_EQ(to_status(every_detail(errc::overloaded)).code, h2::status_code::unavailable);
}

TEST(failures, a_status_that_the_service_did_not_make_is_its_absence) {
    for (const auto code : {h2::status_code::unavailable, h2::status_code::deadline_exceeded}) {
        const auto got = to_error({code, "connection refused to 10.0.0.7"});
        EXPECT_EQ(got.code, errc::unavailable);
        EXPECT_EQ(got.retry_after, 1s);
        EXPECT_EQ(got.message.find("10.0.0.7"), std::string::npos);
    }
}

TEST(failures, a_use_case_that_an_older_service_does_not_know_waits_for_its_upgrade) {
    const auto refused = to_error({h2::status_code::unimplemented, "there is no such method"});
    EXPECT_EQ(refused.code, errc::unavailable);
    EXPECT_GT(refused.retry_after.count(), 0);
}

TEST(failures, an_answer_that_is_not_of_the_protocol_is_our_fault) {
    EXPECT_EQ(to_error({h2::status_code::data_loss, "what?"}).code, errc::internal);
    EXPECT_EQ(to_error({h2::status_code::not_found, "no", "not a message"}).code, errc::internal);
}

TEST(failures, a_failure_whose_reason_this_program_does_not_know_is_our_fault) {
    for (const int reason : {0, static_cast<int>(v1::Failure::Reason_ARRAYSIZE)}) {
        v1::Failure failure;
        failure.set_reason(static_cast<v1::Failure::Reason>(reason));
        v1::StatusDetails details;
        details.add_details()->PackFrom(failure);
        const auto got = to_error({h2::status_code::not_found, "no", details.SerializeAsString()});
        EXPECT_EQ(got.code, errc::internal) << reason;
        EXPECT_NE(got.message, "no");
    }
}

}  // namespace
}  // namespace userinfo::rpc
