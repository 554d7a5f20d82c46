// What the tests of settings have in common.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "programs/load_settings.h"
#include "support/scratch_folder.h"

namespace userinfo::programs::test {

// A configuration file that goes with the test.
class config_file {
public:
    explicit config_file(std::string_view text) { std::ofstream(path_) << text; }

    const std::filesystem::path& path() const { return path_; }

private:
    userinfo::test::scratch_folder folder_;
    const std::filesystem::path path_ = folder_ / "userinfo.yaml";
};

// What the operator is told, without the file's folder.
template <class Load>
std::string complaint(Load load) {
    try {
        load();
        return "(none)";
    } catch (const config_error& why) {
        const std::string text = why.what();
        const auto name = text.find("userinfo.yaml");
        return text.starts_with('/') && name != text.npos ? text.substr(name) : text;
    }
}

}  // namespace userinfo::programs::test
