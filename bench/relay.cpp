// Stands where a gateway or a service stands in a cluster, and only passes bytes on: what a request costs then is the
// machine's own, beside which the bench of a cluster shows the program's.
//
//   relay gateway LISTEN SERVICE...
//       sends each request to the next service, and its reply back
//   relay service LISTEN REPLY {PORT COMMAND}...
//       sends the command of the next node of Redis for each request, and REPLY back when that has answered
//
// LISTEN and SERVICE are unix sockets, REPLY and COMMAND files, PORT is on loopback. REDIS_PASSWORD is in the
// environment. What one read gives is taken for one request, as it is from a client that waits for its reply.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hiredis/hiredis.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(EXIT_FAILURE);
}

int unix_socket(const char* path, int (*connect_or_bind)(int, const sockaddr*, socklen_t)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int made = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect_or_bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail(path);
    return made;
}

std::string content_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// All connections of the process. What is sent during a turn goes out at its end, with one call for each connection.
class connections {
public:
    using handler = std::function<void(int from, std::string_view bytes)>;

    // `take` gets what comes from `socket`, which stays open until the other side closes it.
    void watch(int socket, handler take) {
        epoll_event wanted{.events = EPOLLIN, .data = {.fd = socket}};
        if (static_cast<std::size_t>(socket) >= known_.size()) known_.resize(socket + 1);
        known_[socket] = {.take = std::move(take), .unsent = {}};
        if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &wanted) != 0) fail("epoll_ctl");
    }

    // Whoever connects to `path` gets a copy of `take`.
    void listen_at(const char* path, handler take) {
        unlink(path);
        listener_ = unix_socket(path, bind);
        if (listen(listener_, SOMAXCONN) != 0) fail(path);
        watch(listener_, std::move(take));
    }

    void send(int to, std::string_view bytes) {
        auto& unsent = known_[to].unsent;
        if (unsent.empty()) to_send_.push_back(to);
        unsent += bytes;
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 64> ready;
        while (true) {
            const int count = epoll_wait(epoll_, ready.data(), ready.size(), -1);
            for (int i = 0; i < count; ++i) receive(ready[i].data.fd);
            for (const int socket : std::exchange(to_send_, {})) send_now(socket);
        }
    }

private:
    struct connection {
        handler take;
        std::string unsent;
    };

    void receive(int socket) {
        if (socket == listener_) {
            watch(accept(listener_, nullptr, nullptr), handler(known_[listener_].take));
            return;
        }
        const auto size = recv(socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (size > 0)
            known_[socket].take(socket, {buffer_.data(), static_cast<std::size_t>(size)});
        else
            close(socket);
    }

    void send_now(int socket) {
        const auto bytes = std::exchange(known_[socket].unsent, {});
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);  // nobody is answered who has gone
    }

    int epoll_ = epoll_create1(0);
    int listener_ = -1;
    std::vector<connection> known_;  // by their sockets
    std::vector<int> to_send_;
    std::array<char, 65536> buffer_;
};

// Between relays a message is its size and the number of the caller's connection, and then its bytes.
struct message_head {
    std::uint32_t size;
    std::int32_t caller;
};

std::string message(int caller, std::string_view text) {
    const message_head head{.size = static_cast<std::uint32_t>(text.size()), .caller = caller};
    std::string made(reinterpret_cast<const char*>(&head), sizeof head);
    return made += text;
}

// Calls `take(caller, text)` for each message that is complete, and leaves the rest.
void take_messages(std::string& unread, const std::function<void(int, std::string_view)>& take) {
    std::size_t at = 0;
    message_head head{};
    while (unread.size() - at >= sizeof head) {
        std::memcpy(&head, unread.data() + at, sizeof head);
        if (unread.size() - at - sizeof head < head.size) break;
        take(head.caller, std::string_view(unread).substr(at + sizeof head, head.size));
        at += sizeof head + head.size;
    }
    unread.erase(0, at);
}

[[noreturn]] void relay_as_gateway(const char* path, std::span<char*> services) {
    connections all;
    std::vector<int> links;
    for (const char* service : services) {
        links.push_back(unix_socket(service, connect));
        all.watch(links.back(), [&all, unread = std::string()](int, std::string_view bytes) mutable {
            unread += bytes;
            take_messages(unread, [&all](int caller, std::string_view reply) { all.send(caller, reply); });
        });
    }
    all.listen_at(path, [&all, &links, next = 0U](int caller, std::string_view request) mutable {
        all.send(links[next++ % links.size()], message(caller, request));
    });
    all.run();
}

struct caller {
    int gateway;
    int number;  // of the gateway's connection
};

struct redis_node {
    std::unique_ptr<redisContext, decltype(&redisFree)> link;
    std::string command;
    std::deque<caller> waiting;
};

redis_node connect_to_redis(const char* port, const char* command_file) {
    redis_node node{{redisConnect("127.0.0.1", std::stoi(port)), redisFree}, content_of(command_file), {}};
    if (!node.link || node.link->err != 0) fail(port);
    auto* const reply = redisCommand(node.link.get(), "AUTH %s", std::getenv("REDIS_PASSWORD"));
    if (!reply || static_cast<redisReply*>(reply)->type == REDIS_REPLY_ERROR) fail("AUTH");
    freeReplyObject(reply);
    return node;
}

// How many replies the bytes complete.
std::size_t count_replies(redisReader* reader, std::string_view bytes) {
    redisReaderFeed(reader, bytes.data(), bytes.size());
    std::size_t count = 0;
    void* reply = nullptr;
    while (redisReaderGetReply(reader, &reply) == REDIS_OK && reply) {
        if (static_cast<redisReply*>(reply)->type != REDIS_REPLY_ARRAY) fail("Redis");
        freeReplyObject(reply);
        ++count;
    }
    return count;
}

[[noreturn]] void relay_as_service(const char* path, const char* reply_file, std::span<char*> ports_and_commands) {
    connections all;
    const auto reply = content_of(reply_file);
    std::vector<redis_node> nodes;
    for (std::size_t i = 0; i + 1 < ports_and_commands.size(); i += 2)
        nodes.push_back(connect_to_redis(ports_and_commands[i], ports_and_commands[i + 1]));
    for (auto& node : nodes) {
        all.watch(node.link->fd, [&all, &node, &reply](int, std::string_view bytes) {
            for (auto left = count_replies(node.link->reader, bytes); left > 0; --left) {
                all.send(node.waiting.front().gateway, message(node.waiting.front().number, reply));
                node.waiting.pop_front();
            }
        });
    }
    all.listen_at(path, [&, next = 0U, unread = std::string()](int gateway, std::string_view bytes) mutable {
        unread += bytes;
        take_messages(unread, [&](int number, std::string_view) {
            auto& node = nodes[next++ % nodes.size()];
            all.send(node.link->fd, node.command);
            node.waiting.push_back({gateway, number});
        });
    });
    all.run();
}

}  // namespace

int main(int count, char** words) {
    const std::span arguments(words, count);
    const std::string_view role = count > 1 ? words[1] : "";
    if (role == "gateway" && count >= 4) relay_as_gateway(words[2], arguments.subspan(3));
    if (role == "service" && count >= 6) relay_as_service(words[2], words[3], arguments.subspan(4));
    std::fputs("usage: relay gateway LISTEN SERVICE... | relay service LISTEN REPLY {PORT COMMAND}...\n", stderr);
    return 2;
}
