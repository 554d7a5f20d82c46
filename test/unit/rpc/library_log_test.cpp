#include "rpc/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "support/recorded_log.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {
namespace {

class library_log : public testing::Test {
protected:
    library_log() { log_what_protobuf_says(); }
    ~library_log() override { google::protobuf::SetLogHandler(before_); }

private:
    google::protobuf::LogHandler* const before_ = google::protobuf::SetLogHandler(nullptr);
};

TEST_F(library_log, has_what_protobuf_says_of_a_text_that_is_not_utf8) {
    const test::recorded_log log;
    testing::internal::CaptureStderr();
    v1::GetProfileRequest message;
    EXPECT_FALSE(message.ParseFromString("\x0a\x01\xff"));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    const auto said = log.lines("protobuf says");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].at("level"), "debug");
    EXPECT_TRUE(std::string(said[0].at("text").as_string()).contains("invalid UTF-8")) << said[0].at("text");
}

TEST_F(library_log, has_what_protobuf_does_not_survive_as_an_error) {
    const test::recorded_log log(log_level::error);
    EXPECT_THROW(GOOGLE_LOG(FATAL) << "no way", google::protobuf::FatalException);
    const auto said = log.lines("protobuf says");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].at("text"), "no way");
}

}  // namespace
}  // namespace userinfo::rpc
