#include "rpc/server.h"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "h2/server.h"
#include "rpc/call_figures.h"
#include "rpc/call_metadata.h"
#include "rpc/failures.h"
#include "rpc/handlers.h"
#include "rpc/health.h"
#include "rpc/methods.h"
#include "rpc/reflection.h"

namespace userinfo::rpc {

namespace {

h2::status not_a(std::string_view what) {
    return {.code = h2::status_code::invalid_argument, .message = "the message is not a " + std::string(what)};
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
        for_each_method([&]<class Request>(const Request&) {
            all.emplace(method<Request>::is.path, [this](auto& rpc) { return this->template perform<Request>(rpc); });
        });
        if (with_reflection)
            for (const auto path : reflection_paths) all.emplace(path, reflect);
        return all;
    }

    template <class Request>
    task<void> perform(h2::server_call& rpc) {
        constexpr auto path = method<Request>::is.path;
        const auto begin = std::chrono::steady_clock::now();
        const auto message = co_await rpc.read();
        Request request;
        if (!message || !request.ParseFromString(*message)) {
            rpc.finish(not_a(request.GetTypeName()));
            co_return;
        }
        auto call = call_of(rpc);
        const auto outcome = co_await handle(userinfo_, call, std::move(request));
        const auto status = outcome ? h2::status() : to_status(outcome.error());
        if (outcome) rpc.write(outcome->SerializeAsString());
        rpc.finish(status, trailers_of(call));
        figures_.observe(path, status.code, std::chrono::steady_clock::now() - begin);
    }

    userinfo_service& userinfo_;
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

void server::set_serving(bool serving) { state_->set_serving(serving); }

void server::drain(std::chrono::milliseconds patience) { state_->drain(patience); }

}  // namespace userinfo::rpc
