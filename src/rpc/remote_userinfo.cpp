#include "rpc/remote_userinfo.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "base/log.h"
#include "rpc/call_figures.h"
#include "rpc/call_metadata.h"
#include "rpc/codecs.h"
#include "rpc/failures.h"
#include "rpc/instances.h"
#include "rpc/message_bytes.h"
#include "rpc/method_path.h"
#include "rpc/request_bytes.h"
#include "service/uniform_userinfo.h"

namespace userinfo::rpc {

namespace {

using steady = std::chrono::steady_clock;

// The other side broke the contract.
std::unexpected<error> broken_contract() {
    log_error("the service sent a message that breaks the contract");
    return std::unexpected(internal_error());
}

}  // namespace

class remote_userinfo::client final : public uniform_userinfo<client> {
public:
    client(const net::tls_certificate* certificate, const std::vector<asio::io_context*>& contexts, metrics& metrics)
        : instances(certificate, contexts), contexts_(contexts), figures_(metrics, call_figures::side::gateway) {}

    template <class UseCase>
    task<outcome_of<UseCase>> answer(call& call, UseCase request) {
        using codec = rpc::codec<UseCase>;
        const auto begin = steady::now();
        const auto message = serialize_request(std::move(request));
        const auto reply = co_await ask(call, method_path<UseCase>, UseCase::description, message.view());
        figures_.observe<UseCase>(reply.status.code, steady::now() - begin);
        call.account = account_in(reply.metadata);
        if (!reply.status.is_ok()) co_return std::unexpected(to_error(reply.status));
        typename codec::response response;
        if (!parse(response, reply.message)) co_return broken_contract();
        if constexpr (std::is_void_v<typename UseCase::reply>) {
            co_return outcome_of<UseCase>();
        } else {
            auto value = codec::decode_reply(std::move(response));
            if (!value) co_return broken_contract();
            co_return std::move(*value);
        }
    }

    rpc::instances instances;

private:
    task<h2::reply> ask(const call& call, std::string_view path, const use_cases::properties& properties,
                        std::string_view message) {
        const auto home = co_await asio::this_coro::executor;
        const auto context = number_of(home.context());
        h2::reply reply{.status = {.code = h2::status_code::unavailable, .message = "there is no service"}};
        const instance* last = nullptr;
        for (int attempt = 1; attempt <= 2; ++attempt) {
            const auto chosen = instances.choose(context, last);
            if (!chosen) break;
            const instance::call_in_flight counted(chosen);
            reply = co_await chosen->ask(context,
                                         {.path = path,
                                          .fields = metadata_of(call),
                                          .message = message,
                                          .deadline = call.deadline,
                                          .is_abandoned = properties.hashes_password ? call.client_left : nullptr});
            const bool again = properties.may_repeat ? reply.came != h2::reply::progress::answered
                                                     : reply.came == h2::reply::progress::unsent;
            if (!again) break;
            last = chosen.get();
        }
        co_return reply;
    }

    std::size_t number_of(const asio::io_context& context) const {
        const auto found = std::ranges::find(contexts_, &context);
        if (found == contexts_.end()) std::terminate();  // the constructor was not told of it
        return static_cast<std::size_t>(found - contexts_.begin());
    }

    const std::vector<asio::io_context*> contexts_;
    call_figures figures_;
};

remote_userinfo::remote_userinfo(const net::tls_certificate* certificate,
                                 const std::vector<asio::io_context*>& contexts, metrics& metrics)
    : client_(std::make_unique<client>(certificate, contexts, metrics)) {}

remote_userinfo::~remote_userinfo() = default;

void remote_userinfo::update(std::vector<instance_address> instances) {
    client_->instances.update(std::move(instances));
}

userinfo_service& remote_userinfo::service() { return *client_; }

}  // namespace userinfo::rpc
