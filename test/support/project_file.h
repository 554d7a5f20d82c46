// Reads a file of the project's sources, for tests of files that are not code.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace userinfo::test {

// `name` is relative to the project's folder: "config/standalone.yaml". Defined in main.cpp.
std::filesystem::path project_file(const char* name);

inline std::string read_project_file(const char* name) {
    std::ifstream stream(project_file(name));
    if (!stream) throw std::runtime_error(project_file(name).string() + " cannot be read");
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace userinfo::test
