#include "programs/standalone.h"

#include "base/log.h"
#include "programs/application.h"
#include "programs/front_end.h"
#include "programs/role_rules.h"
#include "programs/server_lock.h"
#include "programs/serving.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

// The parts in the order of their construction. They are destroyed in reverse.
class standalone {
public:
    // `certificate` must outlive it. Null: no TLS.
    standalone(const settings& settings, bound_sockets sockets, const net::tls_certificate* certificate)
        : threads_(settings.threads),
          application_(settings, public_url_of(settings, sockets.front.local_address()), clock_, metrics_, threads_),
          front_(settings, std::move(sockets), certificate, application_.userinfo(), metrics_, threads_,
                 [] { return true; }) {}

    // Stops the threads first, because their remaining work uses the parts.
    ~standalone() { threads_.stop(); }

    standalone(const standalone&) = delete;
    standalone& operator=(const standalone&) = delete;

    void start() {
        application_.start();
        front_.open();
    }

    // Returns how many connections were cut off.
    std::size_t stop() {
        const auto cut_off = front_.close();
        application_.finish();
        return cut_off;
    }

private:
    system_clock clock_;
    metrics metrics_;
    net::io_threads threads_;  // declared before everything whose threads post work back to it
    application application_;
    front_end front_;
};

}  // namespace

int run_standalone(const settings& settings) {
    const program_signals signals;  // before any thread is created, so that no thread receives a signal
    check_standalone_settings(settings);
    auto inherited = inherit_sockets();
    open_server_log(settings);
    const auto certificate = load_certificate(settings);
    auto sockets = bind_all(settings, inherited);
    const server_lock lock(settings.data_dir);
    migrate_database(settings, system_clock());
    use_all_descriptors(settings);
    standalone program(settings, std::move(sockets), certificate.get());
    program.start();
    serve_until_told_to_stop(signals, {certificate.get()});
    const auto cut_off = program.stop();
    log_info("stopped", {{"connections_cut_off", static_cast<std::int64_t>(cut_off)}});
    return 0;
}

}  // namespace userinfo::programs
