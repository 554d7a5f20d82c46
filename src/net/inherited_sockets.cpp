#include "net/inherited_sockets.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace userinfo::net {
namespace {

constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START

union socket_address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_un local;
};

std::optional<long> number_in(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    const std::string_view text = value;
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        throw std::runtime_error(std::string(name) + ": '" + value + "' is not a number");
    return number;
}

std::string text_of(int family, const void* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text;
    return inet_ntop(family, bytes, text.data(), text.size());
}

// The same for two spellings of one IPv6 address.
address canonical(address where) {
    in6_addr bytes;
    if (where.is_v6() && inet_pton(AF_INET6, where.host.c_str(), &bytes) == 1) where.host = text_of(AF_INET6, &bytes);
    return where;
}

bool listens(int descriptor) {
    const auto option = [descriptor](int name) {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : 0;
    };
    return option(SO_TYPE) == SOCK_STREAM && option(SO_ACCEPTCONN) != 0;
}

std::optional<address> address_of(int descriptor) {
    socket_address bound{};
    socklen_t size = sizeof bound;
    if (!listens(descriptor) || ::getsockname(descriptor, &bound.any, &size) != 0) return std::nullopt;
    switch (bound.any.sa_family) {
        case AF_INET: return address{.host = text_of(AF_INET, &bound.v4.sin_addr), .port = ntohs(bound.v4.sin_port)};
        case AF_INET6:
            return address{.host = text_of(AF_INET6, &bound.v6.sin6_addr), .port = ntohs(bound.v6.sin6_port)};
        case AF_UNIX:
            // An abstract name, which begins with a zero, is no setting's.
            if (bound.local.sun_path[0] == '\0') return std::nullopt;
            return address{.path = std::string(bound.local.sun_path,
                                               ::strnlen(bound.local.sun_path, sizeof bound.local.sun_path))};
        default: return std::nullopt;
    }
}

}  // namespace

inherited_sockets::inherited_sockets() {
    const auto process = number_in("LISTEN_PID");
    const auto count = number_in("LISTEN_FDS");
    for (const auto* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
    if (process != ::getpid()) return;
    for (int number = first_descriptor; number < first_descriptor + count.value_or(0); ++number) {
        const auto where = address_of(number);
        if (!where) {
            throw std::runtime_error("LISTEN_FDS: descriptor " + std::to_string(number) +
                                     " is not a socket that listens for TCP or on a path");
        }
        ::fcntl(number, F_SETFD, FD_CLOEXEC);
        ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
        sockets_.push_back({*where, file_descriptor(number)});
    }
}

std::optional<bound_socket> inherited_sockets::take(const address& where) {
    const auto found = std::ranges::find(sockets_, canonical(where), &socket::where);
    if (found == sockets_.end()) return std::nullopt;
    auto descriptor = std::move(found->descriptor);
    found->where = {};
    return bound_socket(where, std::move(descriptor));
}

std::vector<address> inherited_sockets::besides(std::span<const address> wanted) const {
    std::vector<address> others;
    for (const auto& [where, descriptor] : sockets_)
        if (descriptor.is_open()) others.push_back(where);
    for (const auto& one : wanted) {
        const auto found = std::ranges::find(others, canonical(one));
        if (found != others.end()) others.erase(found);
    }
    return others;
}

}  // namespace userinfo::net
