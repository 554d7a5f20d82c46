#include "programs/rpc_settings.h"

#include <string>

#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

// Nothing but a certificate tells who is at the other end of a network.
void require_certificate(const settings& settings, const std::string& key, const std::string& target) {
    if (may_call(settings, target)) return;
    throw config_error(key + ": '" + target +
                       "' is not on this machine; set rpc.certificate, rpc.key and rpc.authority");
}

rpc::certificate_files files_of(const settings& settings) {
    return {.certificate = settings.rpc.certificate, .key = settings.rpc.key, .authority = settings.rpc.authority};
}

template <class Make>
auto naming_the_section(Make make) {
    try {
        return make();
    } catch (const std::runtime_error& why) {
        throw config_error(std::string("rpc: ") + why.what());
    }
}

}  // namespace

bool may_call(const settings& settings, std::string_view target) {
    return settings.rpc.has_certificate() || rpc::stays_on_this_machine(target);
}

std::shared_ptr<grpc::ServerCredentials> server_credentials_of(const settings& settings) {
    require_certificate(settings, "rpc.listen", settings.rpc.listen);
    if (settings.rpc.reflection && !rpc::stays_on_this_machine(settings.rpc.listen)) {
        throw config_error("rpc.reflection: only a service that is called from this machine alone tells its contract");
    }
    return naming_the_section([&] { return rpc::server_credentials(files_of(settings)); });
}

std::shared_ptr<grpc::ChannelCredentials> client_credentials_of(const settings& settings) {
    if (settings.discovery.etcd.empty()) {
        for (const auto& target : settings.discovery.fixed) require_certificate(settings, "discovery.fixed", target);
    }
    return naming_the_section([&] { return rpc::client_credentials(files_of(settings)); });
}

}  // namespace userinfo::programs
