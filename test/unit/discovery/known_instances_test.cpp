#include "discovery/known_instances.h"

#include <gtest/gtest.h>

namespace userinfo::discovery {
namespace {

const service_instance first{.address = "10.0.0.1:8090", .version = "1.2.3", .weight = 1};
const service_instance second{.address = "unix:/run/userinfo/rpc.sock", .version = "1.2.4", .weight = 7};

TEST(service_instance, is_what_it_was_after_it_was_written_and_read) {
    EXPECT_EQ(parse_instance(to_text(first)), first);
    EXPECT_EQ(parse_instance(to_text(second)), second);
}

TEST(service_instance, may_have_members_that_a_newer_program_has_added) {
    EXPECT_EQ(parse_instance(R"({"address":"10.0.0.1:8090","version":"1.2.3","weight":1,"zone":["a"]})"), first);
}

TEST(service_instance, is_not_made_of_anything_else) {
    for (const auto* text : {"",
                             "null",
                             "[]",
                             "{}",
                             "10.0.0.1:8090",
                             R"({"address":"10.0.0.1:8090"})",
                             R"({"address":"","version":"1","weight":1})",
                             R"({"address":"[]:1","version":"1","weight":1})",
                             R"({"address":1,"version":"1","weight":1})",
                             R"({"address":"dns://a/b:1","version":"1","weight":1})",
                             R"({"address":"xds:///a:1","version":"1","weight":1})",
                             R"({"address":"a","version":"1","weight":1})",
                             R"({"address":":1","version":"1","weight":1})",
                             R"({"address":"a:","version":"1","weight":1})",
                             R"({"address":"a:b","version":"1","weight":1})",
                             R"({"address":"a:65536","version":"1","weight":1})",
                             R"({"address":"a:1","version":1,"weight":1})",
                             R"({"address":"a:1","version":"1","weight":"1"})",
                             R"({"address":"a:1","version":"1","weight":0})",
                             R"({"address":"a:1","version":"1","weight":1001})",
                             R"({"address":"a:1","version":"1","weight":-1})",
                             R"({"address":"a:1","version":"1","weight":1.5})",
                             R"({"address":"a:1","version":"1","weight":1)"}) {
        EXPECT_EQ(parse_instance(text), std::nullopt) << text;
    }
}

TEST(service_instance, has_an_address_of_260_bytes_at_most) {
    auto instance = first;
    instance.address = std::string(258, 'a') + ":1";
    EXPECT_EQ(parse_instance(to_text(instance)), instance);
    instance.address.insert(0, 1, 'a');
    EXPECT_EQ(parse_instance(to_text(instance)), std::nullopt);
}

TEST(known_instances, are_those_that_were_put_and_not_removed) {
    known_instances known;
    EXPECT_TRUE(known.put("a", to_text(first)));
    EXPECT_TRUE(known.put("b", to_text(second)));
    EXPECT_EQ(known.all(), (std::vector{first, second}));
    known.remove("a");
    known.remove("nobody");
    EXPECT_EQ(known.all(), std::vector{second});
    known.clear();
    EXPECT_TRUE(known.all().empty());
}

TEST(known_instances, the_latest_word_of_a_key_counts) {
    known_instances known;
    known.put("a", to_text(first));
    known.put("a", to_text(second));
    EXPECT_EQ(known.all(), std::vector{second});
}

TEST(known_instances, a_key_that_says_something_else_is_no_instance_any_more) {
    known_instances known;
    known.put("a", to_text(first));
    EXPECT_FALSE(known.put("a", "nonsense"));
    EXPECT_TRUE(known.all().empty());
}

TEST(known_instances, an_address_under_two_keys_is_one_instance) {
    known_instances known;
    known.put("a", to_text(first));
    known.put("b", to_text(first));
    EXPECT_EQ(known.all().size(), 1u);
}

}  // namespace
}  // namespace userinfo::discovery
