#include "rpc/codecs.h"

#include <set>
#include <string>

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

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

TEST(codecs, take_no_transport_that_the_service_does_not_know) {
    const auto refused = codec<use_cases::log_in>::decode(v1::LoginRequest());
    ASSERT_EQ(failure_of(refused), errc::invalid_argument);
    EXPECT_EQ(refused.error().field, "transport");
    EXPECT_EQ(failure_of(codec<use_cases::refresh>::decode(v1::RefreshRequest())), errc::invalid_argument);
}

}  // namespace
}  // namespace userinfo::rpc
