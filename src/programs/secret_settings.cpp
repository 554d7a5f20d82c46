#include "programs/secret_settings.h"

#include <stdexcept>

#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

template <class Read>
auto read_for(std::string_view setting, Read read) {
    try {
        return read();
    } catch (const std::runtime_error& why) {
        throw config_error(std::string(setting) + ": " + why.what());
    }
}

}  // namespace

secret_file read_secret(std::string_view setting, const std::filesystem::path& file) {
    return read_for(setting, [&] { return secret_file(file); });
}

std::string read_password(std::string_view setting, const std::filesystem::path& file) {
    return read_for(setting, [&] { return std::string(secret_file(file).line()); });
}

}  // namespace userinfo::programs
