#include "programs/rpc_settings.h"

#include <filesystem>
#include <stdexcept>

#include "h2/target.h"
#include "programs/data_folder.h"
#include "programs/serving.h"
#include "programs/setting_table.h"
#include "programs/tls_settings.h"
#include "storage/sql/sqlite/sqlite_file.h"

namespace userinfo::programs {

namespace {

// Where a gateway and a service of one user meet by default. Throws config_error that names `unset`, the setting that
// is not set.
std::string local_socket(const settings& settings, const std::string& unset) {
    const auto path = std::filesystem::absolute(settings.data_dir / "rpc.sock").lexically_normal();
    try {
        return net::address::parse("unix:" + path.string()).to_string();
    } catch (const std::invalid_argument& why) {
        throw config_error(unset + ": " + why.what());
    }
}

std::unique_ptr<net::tls_certificate> load(const settings& settings, net::tls_certificate::side side) {
    if (!settings.rpc.has_certificate()) return nullptr;
    const net::tls_certificate::files files{
        .certificate = settings.rpc.certificate, .key = settings.rpc.key, .authority = settings.rpc.authority};
    return load_tls_files("rpc", files, side, "h2");
}

}  // namespace

std::string rpc_address(const settings& settings) {
    return settings.rpc.listen.empty() ? local_socket(settings, "rpc.listen") : settings.rpc.listen;
}

std::vector<std::string> fixed_services(const settings& settings) {
    if (!settings.discovery.fixed.empty()) return settings.discovery.fixed;
    return {local_socket(settings, "discovery.fixed")};
}

net::bound_socket bind_rpc(const settings& settings, net::inherited_sockets& inherited) {
    const auto address = net::address::parse(rpc_address(settings));
    try {
        if (settings.rpc.listen.empty()) sql::make_private_folder(settings.data_dir);
    } catch (const std::runtime_error& why) {
        throw data_folder_error(settings.data_dir, why.what());
    }
    return bind("rpc.listen", address, inherited, net::socket_access::owner);
}

bool may_call(const settings& settings, std::string_view target) {
    return settings.rpc.has_certificate() || h2::is_unix(target);
}

std::unique_ptr<net::tls_certificate> rpc_server_certificate(const settings& settings) {
    const auto address = rpc_address(settings);
    const bool is_local = h2::stays_on_this_machine(address);
    if (!is_local && !settings.rpc.has_certificate()) {
        throw config_error("rpc.listen: '" + address + "' is not on this machine; set " + certificate_settings);
    }
    if (settings.rpc.reflection && !is_local) {
        throw config_error("rpc.reflection: only a service that is called from this machine alone tells its contract");
    }
    return load(settings, net::tls_certificate::side::server);
}

std::unique_ptr<net::tls_certificate> rpc_client_certificate(const settings& settings) {
    if (settings.discovery.etcd.empty()) {
        for (const auto& target : fixed_services(settings)) {
            if (may_call(settings, target)) continue;
            throw config_error("discovery.fixed: '" + target + "' is TCP without mutual TLS; use unix:/PATH, or set " +
                               certificate_settings);
        }
    }
    return load(settings, net::tls_certificate::side::client);
}

}  // namespace userinfo::programs
