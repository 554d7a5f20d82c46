#include "storage/redis/reply.h"

#include <new>
#include <vector>

#include <hiredis/hiredis.h>

namespace userinfo::redis {

std::string command(std::span<const std::string_view> words) {
    std::vector<const char*> begins;
    std::vector<std::size_t> lengths;
    for (const auto& word : words) {
        begins.push_back(word.data());
        lengths.push_back(word.size());
    }
    char* text = nullptr;
    const auto size = redisFormatCommandArgv(&text, static_cast<int>(words.size()), begins.data(), lengths.data());
    if (size < 0) throw std::bad_alloc();
    const std::unique_ptr<char, decltype(&redisFreeCommand)> owned(text, redisFreeCommand);
    return {text, static_cast<std::size_t>(size)};
}

std::string command(std::initializer_list<std::string_view> words) {
    return command(std::span(words.begin(), words.size()));
}

bool reply_part::is_error() const { return part_->type == REDIS_REPLY_ERROR; }

std::optional<std::string_view> reply_part::text() const {
    if (part_->type != REDIS_REPLY_STRING && part_->type != REDIS_REPLY_STATUS) return std::nullopt;
    return std::string_view(part_->str, part_->len);
}

std::optional<std::int64_t> reply_part::integer() const {
    if (part_->type != REDIS_REPLY_INTEGER) return std::nullopt;
    return part_->integer;
}

std::string_view reply_part::error() const {
    return is_error() ? std::string_view(part_->str, part_->len) : std::string_view();
}

std::size_t reply_part::size() const { return part_->type == REDIS_REPLY_ARRAY ? part_->elements : 0; }

reply_part reply_part::operator[](std::size_t index) const { return reply_part(part_->element[index]); }

void reply::deleter::operator()(redisReply* owned) const { freeReplyObject(owned); }

void reply_reader::deleter::operator()(redisReader* reader) const { redisReaderFree(reader); }

reply_reader::reply_reader() : reader_(redisReaderCreate()) {
    if (!reader_) throw std::bad_alloc();
}

void reply_reader::feed(std::string_view bytes) {
    // is_broken reports a failure.
    redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

std::optional<reply> reply_reader::next() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK || found == nullptr) return std::nullopt;
    return reply(static_cast<redisReply*>(found));
}

bool reply_reader::is_broken() const { return reader_->err != 0; }

}  // namespace userinfo::redis
