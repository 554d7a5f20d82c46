#include "base/resolve.h"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace userinfo {

task<std::vector<asio::ip::tcp::endpoint>> resolve(std::string host, std::uint16_t port) {
    boost::system::error_code error;
    std::vector<asio::ip::tcp::endpoint> places;
    const auto address = asio::ip::make_address(host, error);
    if (!error) {
        places.emplace_back(address, port);
        co_return places;
    }
    asio::ip::basic_resolver<asio::ip::tcp, io_executor> names(co_await asio::this_coro::executor);
    const auto found = co_await names.async_resolve(host, std::to_string(port), asio::redirect_error(use_task, error));
    for (const auto& entry : found) places.push_back(entry.endpoint());
    co_return places;
}

}  // namespace userinfo
