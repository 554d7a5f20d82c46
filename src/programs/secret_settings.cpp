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

template <class Server>
std::string password_of(const Server& server, std::string_view setting) {
    if (!server.password.empty() || server.password_file.empty()) return server.password;
    return read_for(setting, [&] { return std::string(secret_file(server.password_file).line()); });
}

}  // namespace

secret_file read_secret(std::string_view setting, const std::filesystem::path& file) {
    return read_for(setting, [&] { return secret_file(file); });
}

std::string mariadb_password(const settings& settings) {
    return password_of(settings.mariadb, "mariadb.password_file");
}

std::string redis_password(const settings& settings) { return password_of(settings.redis, "redis.password_file"); }

}  // namespace userinfo::programs
