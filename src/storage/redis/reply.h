// What is said to Redis and what it answers, as bytes: hiredis's formatter and reader behind a seam of our own.
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

// A command as it goes over the wire. The words may hold any bytes.
std::string command(std::span<const std::string_view> words);
std::string command(std::initializer_list<std::string_view> words);

// A reply or a part of one. Good for as long as the whole reply.
class reply_part {
public:
    explicit reply_part(const redisReply* part) : part_(part) {}

    bool is_error() const;

    // Of a string or a status. Nothing if it is neither.
    std::optional<std::string_view> text() const;
    std::optional<std::int64_t> integer() const;
    // Empty if it is not an error.
    std::string_view error() const;

    // Of an array; else 0.
    std::size_t size() const;
    reply_part operator[](std::size_t index) const;

private:
    const redisReply* part_;
};

// A whole reply. Not to be looked at after it was moved from.
class reply : public reply_part {
public:
    explicit reply(redisReply* owned) : reply_part(owned), owned_(owned) {}

private:
    struct deleter {
        void operator()(redisReply* owned) const;
    };

    std::unique_ptr<redisReply, deleter> owned_;
};

// Cuts what comes over the wire into replies.
class reply_reader {
public:
    reply_reader();

    void feed(std::string_view bytes);

    // The next whole reply. Nothing: it needs more bytes, or what came is no reply, and never will be.
    std::optional<reply> next();
    bool is_broken() const;

private:
    struct deleter {
        void operator()(redisReader* reader) const;
    };

    std::unique_ptr<redisReader, deleter> reader_;
};

}  // namespace userinfo::redis
