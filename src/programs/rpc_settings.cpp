#include "programs/rpc_settings.h"

#include <string>

#include "h2/target.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

// Only a certificate proves who is at the other end of a network.
void require_certificate(const settings& settings, const std::string& key, const std::string& target) {
    if (may_call(settings, target)) return;
    throw config_error(key + ": '" + target +
                       "' is not on this machine; set rpc.certificate, rpc.key and rpc.authority");
}

std::unique_ptr<net::tls_certificate> load(const settings& settings, net::tls_certificate::side side) {
    if (!settings.rpc.has_certificate()) return nullptr;
    const net::tls_certificate::files files{
        .certificate = settings.rpc.certificate, .key = settings.rpc.key, .authority = settings.rpc.authority};
    try {
        return std::make_unique<net::tls_certificate>(files, side, "h2");
    } catch (const std::runtime_error& why) {
        throw config_error(std::string("rpc: ") + why.what());
    }
}

}  // namespace

bool may_call(const settings& settings, std::string_view target) {
    return settings.rpc.has_certificate() || h2::stays_on_this_machine(target);
}

std::unique_ptr<net::tls_certificate> rpc_server_certificate(const settings& settings) {
    require_certificate(settings, "rpc.listen", settings.rpc.listen);
    if (settings.rpc.reflection && !h2::stays_on_this_machine(settings.rpc.listen)) {
        throw config_error("rpc.reflection: only a service that is called from this machine alone tells its contract");
    }
    return load(settings, net::tls_certificate::side::server);
}

std::unique_ptr<net::tls_certificate> rpc_client_certificate(const settings& settings) {
    if (settings.discovery.etcd.empty()) {
        for (const auto& target : settings.discovery.fixed) require_certificate(settings, "discovery.fixed", target);
    }
    return load(settings, net::tls_certificate::side::client);
}

}  // namespace userinfo::programs
