#include "h2/byte_stream.h"

#include <utility>

#include "net/tls_stream.h"

namespace userinfo::h2 {

namespace {

template <class Stream>
class byte_stream_over : public byte_stream {
public:
    explicit byte_stream_over(Stream stream) : stream_(std::move(stream)) {}

    net::stream_socket& socket() override { return stream_.socket(); }

    task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error) override {
        return stream_.read_some(room, error);
    }

    std::size_t write_at_once(std::string_view bytes) override { return stream_.write_at_once(bytes); }

protected:
    Stream stream_;
};

class plain_bytes final : public byte_stream_over<net::plain_stream> {
public:
    explicit plain_bytes(net::stream_socket socket) : byte_stream_over(net::plain_stream(std::move(socket))) {}

    task<bool> begin() override { co_return true; }
};

class tls_bytes final : public byte_stream_over<net::tls_stream> {
public:
    tls_bytes(net::stream_socket socket, const net::tls_certificate& certificate, std::optional<std::string> name)
        : byte_stream_over(net::tls_stream(std::move(socket), certificate)), name_(std::move(name)) {}

    task<bool> begin() override { return name_ ? stream_.handshake(*name_) : stream_.handshake(); }

private:
    const std::optional<std::string> name_;
};

}  // namespace

std::unique_ptr<byte_stream> make_byte_stream(net::stream_socket socket, const net::tls_certificate* certificate,
                                              std::optional<std::string> name) {
    if (certificate == nullptr) return std::make_unique<plain_bytes>(std::move(socket));
    return std::make_unique<tls_bytes>(std::move(socket), *certificate, std::move(name));
}

}  // namespace userinfo::h2
