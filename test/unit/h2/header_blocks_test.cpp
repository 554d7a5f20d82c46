#include "h2/header_blocks.h"

#include <string>

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

using namespace std::string_literals;

constexpr char headers = 1, continuation = 9, data = 0;
constexpr char end_stream = 1, end_headers = 4, padded = 8, with_priority = 0x20;

std::string frame(char type, int flags, const std::string& payload) {
    const auto size = payload.size();
    return std::string{static_cast<char>(size >> 16),
                       static_cast<char>(size >> 8),
                       static_cast<char>(size),
                       type,
                       static_cast<char>(flags),
                       0,
                       0,
                       0,
                       1} +
           payload;
}

// In HPACK, as it is; of at least 127 bytes.
std::string long_string(std::size_t size) {
    std::string made = "\x7f";
    for (size -= 127; size >= 128; size >>= 7) made += static_cast<char>(size % 128 | 128);
    return made + static_cast<char>(size);
}

std::string long_field(std::size_t size) { return "\0\3key"s + long_string(size) + std::string(size, 'v'); }

// A header block in as many frames as it needs.
std::string in_frames(const std::string& block, int flags = 0, const std::string& before = {}) {
    std::string made = frame(headers, flags, before + block.substr(0, 16'000));
    std::size_t begin = 16'000;
    for (; block.size() - begin > 16'000; begin += 16'000) made += frame(continuation, 0, block.substr(begin, 16'000));
    return made + frame(continuation, end_headers, block.substr(begin));
}

// What comes out if the bytes come in pieces of this size.
std::string passed(std::string_view bytes, std::size_t piece, std::size_t preface = 0) {
    header_blocks blocks(preface);
    std::string all;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        for (auto next = bytes.substr(0, piece); !next.empty();) all += blocks.take(next);
    EXPECT_FALSE(blocks.is_too_long());
    return all;
}

void expect_passed(const std::string& bytes, const std::string& expected, std::size_t preface = 0) {
    for (const std::size_t piece : {1, 7, 9, 1'000, 16'384, 10'000'000})
        EXPECT_TRUE(passed(bytes, piece, preface) == expected) << piece;
}

const auto plain = frame(headers, end_headers, "\x82\x86") + frame(data, 0, "") + frame(data, end_stream, "hello") +
                   frame(6, 0, "12345678");
const auto shortened = "\0\3key\x7f\x81\x7f"s + std::string(16'384, 'x');

TEST(header_blocks, pass_other_frames_as_they_are) {
    expect_passed(plain, plain);
    expect_passed("preface" + plain, "preface" + plain, 7);
    const auto no_end = frame(headers, 0, "\x82");
    expect_passed(no_end + plain, no_end + plain);  // is an error, for nghttp2 to find
}

TEST(header_blocks, pass_those_whose_strings_are_not_too_long) {
    for (const std::size_t size : {20'000, 65'536}) {
        const auto frames = plain + in_frames("\x82" + long_field(size) + "\x86") + plain;
        expect_passed(frames, frames);
    }
}

TEST(header_blocks, have_no_string_that_is_too_long) {
    const auto made = "\x82" + shortened + "\x86";
    const auto expected =
        frame(headers, end_stream, made.substr(0, 16'384)) + frame(continuation, end_headers, made.substr(16'384));
    for (const std::size_t size : {65'537, 70'000, 900'000})
        expect_passed(plain + in_frames("\x82" + long_field(size) + "\x86", end_stream) + plain,
                      plain + expected + plain);
}

TEST(header_blocks, lose_their_padding_and_keep_their_priority_when_they_are_shortened) {
    auto frames = in_frames(long_field(70'000), padded | with_priority, "\3prior"s);
    frames.insert(9 + 6 + 16'000, "pad");
    frames[1] = static_cast<char>((6 + 16'000 + 3) >> 8);
    frames[2] = static_cast<char>(6 + 16'000 + 3);
    const auto made = "prior" + shortened;
    expect_passed(frames, frame(headers, with_priority, made.substr(0, 16'384)) +
                              frame(continuation, end_headers, made.substr(16'384)));
}

TEST(header_blocks, that_are_not_hpack_pass_as_they_are) {
    for (const auto& block : {long_field(70'000) + "\0\3ke"s, long_field(70'000) + "\x7f\xff\xff\xff\xff\xff"s}) {
        const auto frames = in_frames(block);
        expect_passed(frames, frames);
    }
}

TEST(header_blocks, are_held_up_to_a_megabyte) {
    header_blocks blocks(0);
    const auto frames = in_frames(std::string(header_blocks::longest + 20'000, '\0'));
    for (std::string_view rest = frames; !rest.empty() && !blocks.is_too_long();) EXPECT_EQ(blocks.take(rest), "");
    EXPECT_TRUE(blocks.is_too_long());
}

}  // namespace
}  // namespace userinfo::h2
