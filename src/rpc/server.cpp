#include "rpc/server.h"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "h2/server.h"
#include "rpc/call_figures.h"
#include "rpc/call_metadata.h"
#include "rpc/codecs.h"
#include "rpc/failures.h"
#include "rpc/health.h"
#include "rpc/message_bytes.h"
#include "rpc/method_path.h"
#include "rpc/reflection.h"
#include "rpc/request_bytes.h"

namespace userinfo::rpc {

namespace {

h2::status not_a(std::string_view what) {
    return {.code = h2::status_code::invalid_argument, .message = "the message is not a " + std::string(what)};
}

template <class UseCase>
secret_string reply_message(const outcome_of<UseCase>& outcome) {
    if constexpr (std::is_void_v<typename UseCase::reply>)
        return {};
    else
        return serialize(codec<UseCase>::encode_reply(*outcome));
}

}  // namespace

class server::state final : public h2::call_handler {
public:
    state(net::bound_socket socket, const server_settings& settings, userinfo_service& userinfo, metrics& metrics,
          const std::vector<asio::io_context*>& contexts)
        : userinfo_(userinfo),
          figures_(metrics, call_figures::side::service),
          methods_(all_methods(settings.reflection)),
          server_(std::move(socket), settings.certificate, *this, contexts) {}

    std::string address() const { return server_.local_address().to_string(); }

    std::size_t open_connections() const { return server_.open_connections(); }

    void set_serving(bool serving) { health_.set_serving(serving); }

    void drain(std::chrono::milliseconds patience) {
        health_.end();
        server_.drain(patience);
    }

    task<void> answer(h2::server_call& rpc) override {
        const auto found = methods_.find(rpc.path());
        if (found == methods_.end())
            rpc.finish({.code = h2::status_code::unimplemented, .message = "there is no such method"});
        else
            co_await found->second(rpc);
    }

private:
    using method_function = std::function<task<void>(h2::server_call&)>;
    using methods = std::unordered_map<std::string_view, method_function>;

    methods all_methods(bool with_reflection) {
        methods all{{health::check_path, [this](auto& rpc) { return health_.check(rpc); }},
                    {health::watch_path, [this](auto& rpc) { return health_.watch(rpc); }}};
        use_cases::all::for_each([&]<class UseCase> {
            all.emplace(method_path<UseCase>, [this](auto& rpc) { return this->template perform<UseCase>(rpc); });
        });
        if (with_reflection)
            for (const auto path : reflection_paths) all.emplace(path, reflect);
        return all;
    }

    template <class UseCase>
    task<void> perform(h2::server_call& rpc) {
        using codec = rpc::codec<UseCase>;
        const auto begin = std::chrono::steady_clock::now();
        const auto bytes = co_await rpc.read();
        auto asked = bytes ? parse_request<UseCase>(*bytes) : std::nullopt;
        if (!asked) {
            rpc.finish(not_a(codec::request::descriptor()->full_name()));
            co_return;
        }
        // If this process hung, the caller may have given up meanwhile, and done something else since. What it asked
        // for before must not be done now.
        if constexpr (!UseCase::description.may_repeat) {
            if (rpc.caller_has_left()) {
                rpc.finish({.code = h2::status_code::cancelled, .message = "the caller has left"});
                co_return;
            }
        }
        if (claims_to_be_gateway(rpc)) warn_of_unproved_gateway();
        auto call = call_of(rpc);
        auto& request = *asked;
        const auto outcome =
            request ? co_await userinfo_.perform(call, std::move(*request)) : std::unexpected(request.error());
        const auto status = outcome ? h2::status() : to_status(outcome.error());
        if (outcome) rpc.write(reply_message<UseCase>(outcome).view());
        rpc.finish(status, trailers_of(call));
        figures_.observe<UseCase>(status.code, std::chrono::steady_clock::now() - begin);
    }

    // Once. For the limits, all clients of such a gateway are one source.
    void warn_of_unproved_gateway() {
        if (warned_.test_and_set(std::memory_order_relaxed)) return;
        log_warning(
            "not reading the client addresses of a gateway over TCP without mutual TLS: set rpc.listen to a unix "
            "socket, or rpc.certificate, rpc.key and rpc.authority");
    }

    userinfo_service& userinfo_;
    std::atomic_flag warned_;
    call_figures figures_;
    health health_;
    const methods methods_;
    h2::server server_;
};

server::server(net::bound_socket socket, const server_settings& settings, userinfo_service& userinfo, metrics& metrics,
               const std::vector<asio::io_context*>& contexts)
    : state_(std::make_unique<state>(std::move(socket), settings, userinfo, metrics, contexts)) {}

server::~server() = default;

std::string server::address() const { return state_->address(); }

std::size_t server::open_connections() const { return state_->open_connections(); }

void server::set_serving(bool serving) { state_->set_serving(serving); }

void server::drain(std::chrono::milliseconds patience) { state_->drain(patience); }

}  // namespace userinfo::rpc
