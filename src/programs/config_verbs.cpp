#include "programs/config_verbs.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/unicode.h"
#include "programs/front_end.h"
#include "programs/load_settings.h"
#include "programs/master_key_file.h"
#include "programs/role_rules.h"
#include "programs/rpc_settings.h"
#include "programs/secret_settings.h"
#include "programs/tls_settings.h"

namespace userinfo::programs {

namespace {

void check_standalone(const settings& settings) {
    check_standalone_settings(settings);
    load_certificate(settings);
    check_master_keys(settings);
}

void check_gateway(const settings& settings) {
    load_certificate(settings);
    rpc_client_certificate(settings);
}

void check_service(const settings& settings) {
    check_service_settings(settings);
    rpc_server_certificate(settings);
    check_master_keys(settings);
    if (!settings.mariadb.is_on()) return;
    mariadb_authority(settings);
    mariadb_password(settings);
    redis_password(settings);
}

constexpr std::array<std::pair<std::string_view, void (*)(const settings&)>, 3> roles{
    {{"standalone", check_standalone}, {"gateway", check_gateway}, {"service", check_service}}};

auto find_role(std::string_view name) {
    return std::ranges::find(roles, name, [](const auto& role) { return role.first; });
}

}  // namespace

std::vector<std::string> role_names() {
    std::vector<std::string> names;
    for (const auto& role : roles) names.emplace_back(role.first);
    return names;
}

std::string is_role(const std::string& name) {
    return find_role(name) == roles.end() ? "ROLE must be standalone, gateway or service" : "";
}

int check_config(const settings& settings, const std::string& role) {
    for (const auto& name : unknown_variables()) {
        fmt::print(stderr, "userinfo: warning: {} is not a setting\n", printable(name));
    }
    if (!role.empty()) find_role(role)->second(settings);
    fmt::print("the settings are right\n");
    return 0;
}

}  // namespace userinfo::programs
