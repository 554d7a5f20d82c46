#include "programs/service_discovery.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "base/version.h"
#include "discovery/etcd_credentials.h"
#include "h2/target.h"
#include "programs/rpc_settings.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

// Without etcd, a role starts nevertheless.
constexpr std::chrono::seconds etcd_patience{2};

constexpr std::string_view https = "https://";

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const settings& settings, bool is_encrypted) {
    if (!is_encrypted) return discovery::etcd_credentials({});
    try {
        return discovery::etcd_credentials(
            {.certificate = settings.rpc.certificate, .key = settings.rpc.key, .authority = settings.rpc.authority});
    } catch (const std::runtime_error& why) {
        throw config_error(std::string("rpc: ") + why.what());
    }
}

discovery::etcd_settings etcd_settings_of(const settings& settings) {
    discovery::etcd_settings etcd{.endpoints = {}, .credentials = {}, .prefix = settings.discovery.prefix};
    const bool is_encrypted = settings.discovery.etcd.front().starts_with(https);
    if (is_encrypted && !settings.rpc.has_certificate()) {
        throw config_error("discovery.etcd: for https rpc.certificate, rpc.key and rpc.authority are needed");
    }
    for (const auto& member : settings.discovery.etcd) {
        if (!is_encrypted && !h2::stays_on_this_machine(member)) {
            throw config_error("discovery.etcd: '" + member + "' is not on this machine; use https");
        }
        etcd.endpoints.push_back(is_encrypted ? member.substr(https.size()) : member);
    }
    etcd.credentials = credentials_of(settings, is_encrypted);
    return etcd;
}

std::vector<rpc::instance_address> fixed_instances(const settings& settings) {
    std::vector<rpc::instance_address> instances;
    for (auto& target : fixed_services(settings)) instances.push_back({.target = std::move(target)});
    return instances;
}

// Otherwise anybody who can write to etcd could have all tokens sent to them unencrypted, and a service would not
// believe what this gateway says about its clients.
std::vector<rpc::instance_address> trusted(const settings& settings,
                                           const std::vector<discovery::service_instance>& announced) {
    std::vector<rpc::instance_address> instances;
    for (const auto& [address, version, weight] : announced) {
        if (may_call(settings, address)) {
            instances.push_back({.target = address, .weight = weight});
        } else {
            log_error("ignoring a service that is reached by TCP, because rpc.certificate is not set",
                      {{"instance", std::string_view(address)}});
        }
    }
    return instances;
}

// 0.0.0.0 and [::] are not addresses that others can connect to.
std::string reachable_address(const settings& settings, const std::string& listening) {
    if (!settings.discovery.announce.empty()) return settings.discovery.announce;
    if (!listening.starts_with("unix:") && net::address::parse(listening).is_unspecified()) {
        throw config_error("discovery.announce: gateways must be told where to reach the service, which listens at '" +
                           listening + "'");
    }
    return listening;
}

}  // namespace

followed_services::followed_services(const settings& settings, rpc::remote_userinfo& userinfo, metrics& metrics) {
    auto count = std::make_shared<std::atomic<std::size_t>>(0);
    metrics.gauge("userinfo_services", "Services that this gateway knows",
                  [count] { return static_cast<double>(*count); });
    // If all services disappear at once, etcd has probably lost them. Calling dead services costs nothing, so keep the
    // list.
    const auto take_over = [this, &userinfo, count](std::vector<rpc::instance_address> instances) {
        *count = instances.size();
        if (instances.empty()) return;
        userinfo.update(std::move(instances));
        have_been_known_ = true;
    };
    if (settings.discovery.etcd.empty()) {
        take_over(fixed_instances(settings));
        return;
    }
    watcher_.emplace(etcd_settings_of(settings), [&settings, take_over](const auto& announced) {
        log_info("the services have changed", {{"count", static_cast<std::int64_t>(announced.size())}});
        take_over(trusted(settings, announced));
    });
}

void followed_services::wait_until_known() const {
    if (watcher_) watcher_->wait_until_known(etcd_patience);
}

void require_announceable(const settings& settings) {
    if (settings.discovery.etcd.empty()) return;
    etcd_settings_of(settings);
    const auto announced = reachable_address(settings, rpc_address(settings));
    if (may_call(settings, announced)) return;
    throw config_error((settings.discovery.announce.empty() ? "rpc.listen: '" : "discovery.announce: '") + announced +
                       "' is TCP without mutual TLS, so no gateway calls it; use unix:/PATH, or set " +
                       certificate_settings);
}

std::unique_ptr<discovery::registration> announce_service(const settings& settings, const std::string& address) {
    if (settings.discovery.etcd.empty()) return nullptr;
    auto made = std::make_unique<discovery::registration>(
        etcd_settings_of(settings),
        discovery::service_instance{.address = reachable_address(settings, address),
                                    .version = std::string(program_version()),
                                    .weight = static_cast<unsigned>(settings.discovery.weight)});
    if (!made->wait_until_announced(etcd_patience))
        log_warning("etcd does not answer: gateways learn of this service once it does");
    return made;
}

}  // namespace userinfo::programs
