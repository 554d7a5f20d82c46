#include "rpc/server.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
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

using steady = std::chrono::steady_clock;

h2::status not_a(std::string_view what) {
    return {.code = h2::status_code::invalid_argument, .message = "the message is not a " + std::string(what)};
}

template <class UseCase>
std::optional<result<UseCase>> parsed(const std::optional<secret_string>& message) {
    return message ? parse_request<UseCase>(*message) : std::nullopt;
}

template <class UseCase>
secret_string reply_message(const outcome_of<UseCase>& outcome) {
    if constexpr (std::is_void_v<typename UseCase::reply>)
        return {};
    else
        return serialize(codec<UseCase>::encode_reply(*outcome));
}

struct ended_call {
    std::string_view method;
    h2::status_code code;
    std::size_t bytes;  // of the reply's message
    steady::duration took;
};

// The access line. It bears the request's id and its trace, as the gateway's line does.
void log_call(const h2::server_call& rpc, const call& call, const ended_call& ended) {
    if (!log_enabled(log_level::info)) return;
    log_info(call, "rpc",
             {{"method", ended.method},
              {"code", name_of(ended.code)},
              {"bytes", static_cast<std::int64_t>(ended.bytes)},
              {"us", std::chrono::duration_cast<std::chrono::microseconds>(ended.took).count()},
              {"address", call.address},
              {"peer", rpc.peer().address}});
}

}  // namespace

class server::state final : public h2::call_handler {
public:
    state(net::bound_socket socket, const server_settings& settings, userinfo_service& userinfo, metrics& metrics,
          const std::vector<asio::io_context*>& contexts)
        : userinfo_(userinfo),
          figures_(metrics, call_figures::side::service),
          methods_(all_methods(settings.reflection)),
          refused_(metrics, "rpc", h2::server::refusals),
          server_(std::move(socket), settings.certificate, *this, contexts, refused_,
                  metrics.counter("userinfo_rpc_idle_connections_ended_total",
                                  "Connections that carried no call for long and were asked to leave.")) {}

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
            refuse_unknown(rpc);
        else
            co_await found->second(rpc);
    }

    void ended_unanswered(const h2::server_call& rpc) override { count_unanswered(rpc, place_of(rpc.path())); }

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
            for (const auto path : reflection_paths) all.emplace(path, [](auto& rpc) { return reflect(rpc); });
        return all;
    }

    template <class UseCase>
    task<void> perform(h2::server_call& rpc) {
        using codec = rpc::codec<UseCase>;
        const auto begin = steady::now();
        auto call = call_of(rpc);
        auto asked = parsed<UseCase>(co_await rpc.read_single());
        if (!asked) {
            finish<UseCase>(rpc, call, begin, not_a(codec::request::descriptor()->full_name()));
            co_return;
        }
        // If this process hung, the caller may have given up meanwhile, and done something else since. What it asked
        // for before must not be done now.
        if constexpr (!UseCase::description.may_repeat) {
            if (rpc.caller_has_left()) {
                const h2::status left{.code = h2::status_code::cancelled, .message = "the caller has left"};
                finish<UseCase>(rpc, call, begin, left);
                co_return;
            }
        }
        if (claims_to_be_gateway(rpc)) warn_of_unproved_gateway();
        auto& request = *asked;
        const auto outcome =
            request ? co_await userinfo_.perform(call, std::move(*request)) : std::unexpected(request.error());
        const auto message = outcome ? reply_message<UseCase>(outcome) : secret_string();
        if (outcome) rpc.write(message.view());
        finish<UseCase>(rpc, call, begin, outcome ? h2::status() : to_status(outcome.error()), message.size());
    }

    // `bytes`: of the reply's message, which is written.
    template <class UseCase>
    void finish(h2::server_call& rpc, const call& call, steady::time_point begin, const h2::status& status,
                std::size_t bytes = 0) {
        const auto code = rpc.finish(status, trailers_of(call));
        if (code != status.code) bytes = 0;  // it had ended before
        const auto took = steady::now() - begin;
        figures_.observe<UseCase>(code, took);
        log_call(rpc, call, {.method = UseCase::description.name, .code = code, .bytes = bytes, .took = took});
    }

    void refuse_unknown(h2::server_call& rpc) {
        rpc.finish({.code = h2::status_code::unimplemented, .message = "there is no such method"});
        count_unanswered(rpc, call_figures::no_method);
    }

    void count_unanswered(const h2::server_call& rpc, std::size_t place) {
        figures_.count(place, rpc.code());
        log_call(rpc, call_of(rpc), {.method = call_figures::name(place), .code = rpc.code(), .bytes = 0, .took = {}});
    }

    // Whatever a caller names that is no method is neither a label nor in the log.
    static std::size_t place_of(std::string_view path) {
        auto place = call_figures::no_method;
        use_cases::all::for_each([&]<class UseCase> {
            if (path == method_path<UseCase>) place = use_cases::all::place_of<UseCase>();
        });
        return place;
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
    net::refused_connections refused_;
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
