#include "programs/gateway_role.h"

#include "base/log.h"
#include "discovery/library_log.h"
#include "programs/front_end.h"
#include "programs/rpc_settings.h"
#include "programs/service_discovery.h"
#include "programs/serving.h"
#include "rpc/library_log.h"
#include "rpc/remote_userinfo.h"

namespace userinfo::programs {

namespace {

// The parts in the order of their construction. They are destroyed in reverse.
class gateway_role {
public:
    // The certificates, for clients and for the service, must outlive it. Null: no TLS.
    gateway_role(const settings& settings, bound_sockets sockets, const net::tls_certificate* certificate,
                 const net::tls_certificate* rpc_certificate)
        : threads_(settings.threads),
          userinfo_(rpc_certificate, threads_.contexts(), metrics_),
          services_(settings, userinfo_, metrics_),
          front_(settings, std::move(sockets), certificate, userinfo_.service(), metrics_, threads_,
                 [this] { return services_.have_been_known(); }) {}

    // Stops the threads first, because their remaining work uses the parts.
    ~gateway_role() { threads_.stop(); }

    gateway_role(const gateway_role&) = delete;
    gateway_role& operator=(const gateway_role&) = delete;

    void start() {
        services_.wait_until_known();  // it would answer 503 until then
        if (!services_.have_been_known()) log_warning("not ready until etcd names a service: requests get 503");
        front_.open();
    }

    // Returns how many connections were cut off.
    std::size_t stop() { return front_.close(); }

private:
    metrics metrics_;
    net::io_threads threads_;  // declared before everything that starts work on them
    rpc::remote_userinfo userinfo_;
    followed_services services_;
    front_end front_;
};

}  // namespace

int run_gateway(const settings& settings) {
    const program_signals signals;  // before any thread is created, so that no thread receives a signal
    auto inherited = inherit_sockets();
    open_server_log(settings);
    discovery::log_what_grpc_says();
    rpc::log_what_protobuf_says();
    const auto certificate = load_certificate(settings);
    const auto rpc_certificate = rpc_client_certificate(settings);
    auto sockets = bind_all(settings, inherited);
    use_all_descriptors(settings);
    gateway_role program(settings, std::move(sockets), certificate.get(), rpc_certificate.get());
    program.start();
    serve_until_told_to_stop(signals, {certificate.get(), rpc_certificate.get()});
    const auto cut_off = program.stop();
    log_info("stopped", {{"connections_cut_off", static_cast<std::int64_t>(cut_off)}});
    return 0;
}

}  // namespace userinfo::programs
