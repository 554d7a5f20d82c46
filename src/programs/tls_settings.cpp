#include "programs/tls_settings.h"

#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

template <class Load>
auto load_for(std::string_view section, Load load) {
    try {
        return load();
    } catch (const net::unusable_tls_file& why) {
        throw config_error(std::string(section) + '.' + std::string(why.part()) + ": " + why.what());
    }
}

}  // namespace

std::unique_ptr<net::tls_certificate> load_tls_files(std::string_view section, const net::tls_certificate::files& files,
                                                     net::tls_certificate::side side, const std::string& protocol) {
    return load_for(section, [&] { return std::make_unique<net::tls_certificate>(files, side, protocol); });
}

std::string mariadb_authority(const settings& settings) {
    const auto& file = settings.mariadb.authority;
    if (!file.empty()) load_for("mariadb", [&] { net::require_authority(file); });
    return file.string();
}

}  // namespace userinfo::programs
