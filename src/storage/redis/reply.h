// Formats Redis commands and parses replies. Wraps hiredis's formatter and reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct redisReader;
struct redisReply;

namespace userinfo::redis {

// A command in wire format. The words may contain any bytes.
std::string command(std::span<const std::string_view> words);
std::string command(std::initializer_list<std::string_view> words);

// A reply or a part of one. Valid as long as the whole reply.
class reply_part {
public:
    explicit reply_part(const redisReply* part) : part_(part) {}

    bool is_error() const;

    // The text of a string or a status. Empty for other types.
    std::optional<std::string_view> text() const;
    std::optional<std::int64_t> integer() const;
    // The error message. Empty if it is not an error.
    std::string_view error() const;

    // The size of an array. 0 for other types.
    std::size_t size() const;
    reply_part operator[](std::size_t index) const;

private:
    const redisReply* part_;
};

// An owned, complete reply. Must not be used after a move.
class reply : public reply_part {
public:
    explicit reply(redisReply* owned) : reply_part(owned), owned_(owned) {}

private:
    struct deleter {
        void operator()(redisReply* owned) const;
    };

    std::unique_ptr<redisReply, deleter> owned_;
};

// Splits the received bytes into replies.
class reply_reader {
public:
    reply_reader();

    void feed(std::string_view bytes);

    // Returns the next complete reply. Returns nothing if more bytes are needed or the stream is malformed for good
    // (is_broken).
    std::optional<reply> next();
    bool is_broken() const;

private:
    struct deleter {
        void operator()(redisReader* reader) const;
    };

    std::unique_ptr<redisReader, deleter> reader_;
};

}  // namespace userinfo::redis
