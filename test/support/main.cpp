// Starts GoogleTest, after what the program itself starts first.
#include <gtest/gtest.h>
#include <sodium.h>

#include "support/project_file.h"

namespace userinfo::test {

std::filesystem::path project_file(const char* name) { return std::filesystem::path(PROJECT_FOLDER) / name; }

}  // namespace userinfo::test

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
