#include "base/version.h"

#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "support/project_file.h"

namespace userinfo {
namespace {

TEST(version, is_the_projects) {
    const std::string version(program_version());
    EXPECT_TRUE(test::read_project_file("CMakeLists.txt").contains("project(userinfo VERSION " + version + " "));
}

TEST(version, names_a_commit_if_it_names_one) {
    const std::string commit(program_commit());
    EXPECT_TRUE(std::regex_match(commit, std::regex("([0-9a-f]{12,40}(-dirty)?)?"))) << commit;
}

}  // namespace
}  // namespace userinfo
