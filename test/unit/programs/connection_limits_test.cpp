#include "programs/connection_limits.h"

#include <gtest/gtest.h>

namespace userinfo::programs {
namespace {

constexpr std::size_t many = 1'000'000;

TEST(connection_limits, give_a_source_a_quarter_of_the_connections) {
    settings settings;
    EXPECT_EQ(client_limits(settings, many).connections, 20'000U);
    EXPECT_EQ(client_limits(settings, many).connections_per_source, 5'000U);
    settings.http.limits.connections = 400;
    EXPECT_EQ(client_limits(settings, many).connections_per_source, 100U);
    settings.http.limits.connections = 3;
    EXPECT_EQ(client_limits(settings, many).connections_per_source, 1U);
}

TEST(connection_limits, give_a_source_a_quarter_of_the_files_if_these_are_fewer) {
    EXPECT_EQ(client_limits(settings(), 1'024).connections_per_source, 256U);
    EXPECT_EQ(client_limits(settings(), 1'024).connections, 20'000U);
}

TEST(connection_limits, give_a_source_what_the_setting_says) {
    settings settings;
    settings.http.connections_per_source = 7'000;
    EXPECT_EQ(client_limits(settings, 1'024).connections_per_source, 7'000U);
}

TEST(connection_limits, of_management_are_smaller_and_leave_room_for_a_second_source) {
    settings settings;
    settings.http.connections_per_source = 7'000;
    EXPECT_EQ(management_limits(settings).connections, 256U);
    EXPECT_EQ(management_limits(settings).connections_per_source, 128U);
    settings.http.limits.connections = 1;
    EXPECT_EQ(management_limits(settings).connections, 1U);
    EXPECT_EQ(management_limits(settings).connections_per_source, 1U);
}

}  // namespace
}  // namespace userinfo::programs
