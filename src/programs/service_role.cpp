#include "programs/service_role.h"

#include <chrono>
#include <optional>
#include <thread>

#include "base/log.h"
#include "discovery/library_log.h"
#include "http/listener.h"
#include "management/management.h"
#include "net/io_threads.h"
#include "programs/application.h"
#include "programs/connection_limits.h"
#include "programs/program_figures.h"
#include "programs/role_rules.h"
#include "programs/rpc_settings.h"
#include "programs/server_lock.h"
#include "programs/service_discovery.h"
#include "programs/serving.h"
#include "programs/setting_table.h"
#include "rpc/library_log.h"
#include "rpc/server.h"

namespace userinfo::programs {

namespace {

// How long after etcd has forgotten a service every gateway knows: it may ask a member that follows the others.
constexpr std::chrono::milliseconds news_time{200};

// The parts in the order of their construction. They are destroyed in reverse.
class service {
public:
    service(const settings& settings, net::bound_socket management_socket, net::bound_socket rpc_socket,
            const net::tls_certificate* rpc_certificate)
        : settings_(settings),
          rpc_socket_(std::move(rpc_socket)),
          rpc_certificate_(rpc_certificate),
          threads_(settings.threads),
          application_(settings, settings.public_url, clock_, metrics_, threads_),
          management_(metrics_),
          refused_operators_(metrics_, "management", {net::refusal::full, net::refusal::source}),
          management_listener_(std::in_place, threads_, std::move(management_socket), management_,
                               management_limits(settings), refused_operators_) {
        show_program(metrics_);
        // Not through the optional: while the listener ends, it waits for whoever reads this.
        show_connections(metrics_, "management",
                         [listener = &*management_listener_] { return listener->open_connections(); });
    }

    // The management listener goes before the server, because metrics read how many connections that has. The threads
    // stop before the other parts, because their remaining work uses these.
    ~service() {
        management_listener_.reset();
        server_.reset();
        threads_.stop();
    }

    service(const service&) = delete;
    service& operator=(const service&) = delete;

    void start() {
        application_.start();
        // Not earlier: without keys every token would be rejected, and gateways that know the address call immediately.
        server_.emplace(std::move(rpc_socket_),
                        rpc::server_settings{.certificate = rpc_certificate_, .reflection = settings_.rpc.reflection},
                        application_.userinfo(), metrics_, threads_.contexts());
        show_connections(metrics_, "rpc", [this] { return server_->open_connections(); });
        server_->set_serving(true);
        const auto where = server_->address();
        // Ready only then: whoever restarts one service after another stops the next one when this one is ready.
        announcement_ = announce_service(settings_, where);
        management_.set_accepting(true);
        announce_ready(where);
        log_info("started", {{"listen", std::string_view(where)},
                             {"public_url", std::string_view(settings_.public_url)},
                             {"management", "http://" + management_listener_->local_address().to_string()}});
    }

    void stop() {
        management_.set_accepting(false);
        if (announcement_) {
            announcement_.reset();
            std::this_thread::sleep_for(news_time);
        }
        server_->drain(settings_.shutdown_time);
        application_.finish();
        management_listener_->drain(std::chrono::seconds(0));
    }

private:
    const settings& settings_;
    net::bound_socket rpc_socket_;  // until serving starts
    const net::tls_certificate* const rpc_certificate_;
    system_clock clock_;
    metrics metrics_;
    net::io_threads threads_;  // declared before everything that starts work on them
    application application_;
    management management_;
    net::refused_connections refused_operators_;
    std::optional<http::listener> management_listener_;
    std::optional<rpc::server> server_;                      // set by `start`
    std::unique_ptr<discovery::registration> announcement_;  // null: not wanted, or withdrawn
};

}  // namespace

int run_service(const settings& settings) {
    const program_signals signals;  // before any thread is created, so that no thread receives a signal
    auto inherited = inherit_sockets();
    check_service_settings(settings);
    open_server_log(settings);
    discovery::log_what_grpc_says();
    rpc::log_what_protobuf_says();
    const auto rpc_certificate = rpc_server_certificate(settings);
    require_only(inherited, {settings.management.listen, net::address::parse(rpc_address(settings))});
    auto management_socket = bind("management.listen", settings.management.listen, inherited);
    auto rpc_socket = bind_rpc(settings, inherited);
    std::optional<server_lock> lock;
    if (!settings.mariadb.is_on()) {
        lock.emplace(settings.data_dir);
        migrate_database(settings, system_clock());
    }
    use_all_descriptors(settings);
    service program(settings, std::move(management_socket), std::move(rpc_socket), rpc_certificate.get());
    program.start();
    serve_until_told_to_stop(signals, {rpc_certificate.get()});
    program.stop();
    log_info("stopped");
    return 0;
}

}  // namespace userinfo::programs
