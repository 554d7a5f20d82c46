#include "rpc/server.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "rpc/call_metadata.h"
#include "rpc/completion.h"
#include "rpc/failures.h"
#include "rpc/handlers.h"
#include "userinfo/v1/userinfo.grpc.pb.h"

namespace userinfo::rpc {

namespace {

using async_service = v1::Userinfo::AsyncService;

// Bytes. The longest field is a password of a kilobyte; an avatar's URL has two.
constexpr int longest_message = 64 * 1024;

// Milliseconds. Gateways ask more often than gRPC would let them whether a service that is at work is still there.
constexpr int least_ping_interval = 1'000;

// Calls of one method that may arrive at once before another was made ready to wait.
constexpr int waiting_calls = 4;

// How many calls run or are waited for, to wait for their end.
class live_calls {
public:
    void begin() {
        const std::scoped_lock lock(mutex_);
        ++count_;
    }

    void end() {
        const std::scoped_lock lock(mutex_);
        if (--count_ == 0) none_.notify_all();
    }

    void wait_for_none() {
        std::unique_lock lock(mutex_);
        none_.wait(lock, [this] { return count_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t count_ = 0;
};

// Where calls arrive and run.
struct lane {
    asio::io_context& home;
    std::unique_ptr<grpc::ServerCompletionQueue> queue;
    std::unique_ptr<queue_thread> thread;  // made once the queue serves
};

struct place {
    async_service& service;
    userinfo_client& userinfo;
    live_calls& calls;
    lane& where;
};

// Told when a call is over, for whatever reason: answered, cancelled by its caller, cut off with its connection.
class call_end final : public completion {
public:
    explicit call_end(std::move_only_function<void()> then) : then_(std::move(then)) {}
    void complete(bool) override { then_(); }

private:
    std::move_only_function<void()> then_;
};

// One call of one method: waits for it, performs it, replies; owns itself. gRPC tells of both its reply and its end, on
// the queue's one thread, in any order.
template <class Request, class Response>
class server_call final : public completion {
public:
    using accept_function = void (async_service::*)(grpc::ServerContext*, Request*,
                                                    grpc::ServerAsyncResponseWriter<Response>*, grpc::CompletionQueue*,
                                                    grpc::ServerCompletionQueue*, void*);

    static void wait_for_one(const place& place, accept_function accept) { new server_call(place, accept); }

    void complete(bool ok) override {
        if (!begun_ && !ok) return die();  // the server stops; gRPC tells of no end
        if (begun_) return count_one_down();
        wait_for_one(place_, accept_);
        begun_ = true;
        asio::co_spawn(place_.where.home, perform(), asio::detached);
    }

private:
    server_call(const place& place, accept_function accept) : place_(place), accept_(accept), writer_(&context_) {
        place_.calls.begin();
        context_.AsyncNotifyWhenDone(static_cast<completion*>(&end_));
        auto* const queue = place_.where.queue.get();
        (place_.service.*accept_)(&context_, &request_, &writer_, queue, queue, tag());
    }

    void* tag() { return static_cast<completion*>(this); }

    void see_end() {
        if (context_.IsCancelled()) left_ = true;
        count_one_down();
    }

    void count_one_down() {
        if (--outstanding_ == 0) die();
    }

    void die() {
        auto& calls = place_.calls;
        delete this;
        calls.end();
    }

    task<void> perform() {
        auto call = read_call(context_);
        call.client_left = [this] { return left_.load(std::memory_order_relaxed); };
        const auto outcome = co_await handle(place_.userinfo, call, std::move(request_));
        write_account(call, context_);
        if (outcome) {
            writer_.Finish(*outcome, grpc::Status::OK, tag());
        } else {
            writer_.FinishWithError(to_status(outcome.error()), tag());
        }
    }

    const place place_;
    const accept_function accept_;
    bool begun_ = false;
    int outstanding_ = 2;  // the reply and the end, once begun
    std::atomic<bool> left_ = false;
    call_end end_{[this] { see_end(); }};
    grpc::ServerContext context_;
    Request request_;
    grpc::ServerAsyncResponseWriter<Response> writer_;
};

template <class Request, class Response, class Base>
void accept_calls(const place& place,
                  void (Base::*accept)(grpc::ServerContext*, Request*, grpc::ServerAsyncResponseWriter<Response>*,
                                       grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*)) {
    for (int i = 0; i < waiting_calls; ++i) server_call<Request, Response>::wait_for_one(place, accept);
}

void accept_all_methods(const place& place) {
    accept_calls(place, &async_service::RequestRegister);
    accept_calls(place, &async_service::RequestLogin);
    accept_calls(place, &async_service::RequestRefresh);
    accept_calls(place, &async_service::RequestLogout);
    accept_calls(place, &async_service::RequestGetPublicKeys);
    accept_calls(place, &async_service::RequestGetAccount);
    accept_calls(place, &async_service::RequestChangePassword);
    accept_calls(place, &async_service::RequestReauthenticate);
    accept_calls(place, &async_service::RequestDeleteAccount);
    accept_calls(place, &async_service::RequestListSessions);
    accept_calls(place, &async_service::RequestEndSession);
    accept_calls(place, &async_service::RequestEndOtherSessions);
    accept_calls(place, &async_service::RequestGetProfile);
    accept_calls(place, &async_service::RequestCreateProfile);
    accept_calls(place, &async_service::RequestUpdateProfile);
    accept_calls(place, &async_service::RequestDeleteProfile);
}

// The library of reflection adds itself to every server of a process that it is linked to.
class without_reflection final : public grpc::ServerBuilderOption {
public:
    void UpdateArguments(grpc::ChannelArguments*) override {}

    void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
        std::erase_if(*plugins, [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
    }
};

}  // namespace

class server::state {
public:
    state(const server_settings& settings, const std::shared_ptr<grpc::ServerCredentials>& credentials,
          userinfo_client& userinfo, const std::vector<asio::io_context*>& contexts)
        : address_(settings.address) {
        grpc::EnableDefaultHealthCheckService(true);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        grpc::ServerBuilder builder;
        if (!settings.reflection) builder.SetOption(std::make_unique<without_reflection>());
        int port = 0;
        builder.AddListeningPort(address_, credentials, &port);
        builder.RegisterService(&service_);
        builder.SetMaxReceiveMessageSize(longest_message);
        builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, least_ping_interval);
        for (auto* const context : contexts) {
            lanes_.push_back(std::make_unique<lane>(*context, builder.AddCompletionQueue(), nullptr));
        }
        server_ = builder.BuildAndStart();
        if (!server_) {
            for (const auto& lane : lanes_) lane->queue->Shutdown();
            throw std::runtime_error("cannot listen for gRPC at " + address_);
        }
        if (!address_.starts_with("unix:"))
            address_.replace(address_.rfind(':') + 1, address_.npos, std::to_string(port));
        set_serving(false);
        for (const auto& lane : lanes_) {
            accept_all_methods({service_, userinfo, calls_, *lane});
            lane->thread = std::make_unique<queue_thread>(*lane->queue, "rpc-server");
        }
    }

    ~state() { drain(std::chrono::milliseconds(0)); }

    const std::string& address() const { return address_; }

    void set_serving(bool serving) { server_->GetHealthCheckService()->SetServingStatus(serving); }

    void drain(std::chrono::milliseconds patience) {
        if (std::exchange(drained_, true)) return;
        set_serving(false);
        server_->Shutdown(std::chrono::system_clock::now() + patience);
        calls_.wait_for_none();
        for (const auto& lane : lanes_) lane->queue->Shutdown();
        for (const auto& lane : lanes_) lane->thread.reset();
    }

private:
    async_service service_;
    live_calls calls_;
    std::string address_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::unique_ptr<grpc::Server> server_;
    bool drained_ = false;
};

server::server(const server_settings& settings, const std::shared_ptr<grpc::ServerCredentials>& credentials,
               userinfo_client& userinfo, const std::vector<asio::io_context*>& contexts)
    : state_(std::make_unique<state>(settings, credentials, userinfo, contexts)) {}

server::~server() = default;

const std::string& server::address() const { return state_->address(); }

void server::set_serving(bool serving) { state_->set_serving(serving); }

void server::drain(std::chrono::milliseconds patience) { state_->drain(patience); }

}  // namespace userinfo::rpc
