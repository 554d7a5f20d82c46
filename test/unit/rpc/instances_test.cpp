// Which instance a call goes to. Nothing is called here.
#include "rpc/instances.h"

#include <gtest/gtest.h>

namespace userinfo::rpc {
namespace {

class instances_test : public testing::Test {
protected:
    asio::io_context context_{1};
    instances instances_{nullptr, {&context_}};
};

TEST_F(instances_test, a_call_that_is_repeated_goes_to_another_one) {
    instances_.update({{.target = "127.0.0.1:1"}, {.target = "127.0.0.1:2"}});
    const auto first = instances_.choose(0);
    for (int i = 0; i < 50; ++i) EXPECT_NE(instances_.choose(0, first.get()), first);
}

TEST_F(instances_test, a_call_that_is_repeated_goes_to_the_same_one_if_there_is_no_other) {
    instances_.update({{.target = "127.0.0.1:1"}});
    const auto only = instances_.choose(0);
    EXPECT_EQ(instances_.choose(0, only.get()), only);
}

TEST_F(instances_test, the_one_with_fewer_calls_for_its_weight_is_chosen) {
    instances_.update({{.target = "127.0.0.1:1", .weight = 1}, {.target = "127.0.0.1:2", .weight = 3}});
    auto small = instances_.choose(0);
    while (small->address().weight != 1) small = instances_.choose(0);
    const auto large = instances_.choose(0, small.get());
    const instance::call_in_flight one_of_small(small);
    const instance::call_in_flight one_of_large(large), another_of_large(large);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(instances_.choose(0), large);
    const instance::call_in_flight third_of_large(large), fourth_of_large(large);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(instances_.choose(0), small);
}

}  // namespace
}  // namespace userinfo::rpc
