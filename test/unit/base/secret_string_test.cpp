#include "base/secret_string.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

// What memory held when it was given back.
std::vector<std::string>& given_back() {
    static std::vector<std::string> all;
    return all;
}

template <class T>
struct watched_allocator : std::allocator<T> {
    template <class U>
    struct rebind {
        using other = watched_allocator<U>;
    };

    void deallocate(T* memory, std::size_t count) {
        given_back().emplace_back(reinterpret_cast<const char*>(memory), count * sizeof(T));
        std::allocator<T>::deallocate(memory, count);
    }
};

using watched_string = basic_secret_string<wiping_allocator<char, watched_allocator<char>>>;

constexpr std::string_view short_text = "hunter2";
constexpr std::string_view long_text = "correct horse battery staple, and then some";

class secret_string_test : public testing::Test {
protected:
    secret_string_test() { given_back().clear(); }

    static bool all_was_wiped() {
        return std::ranges::all_of(given_back(), [](const std::string& memory) {
            return std::ranges::all_of(memory, [](char byte) { return byte == '\0'; });
        });
    }
};

TEST_F(secret_string_test, wipes_itself_at_its_end) {
    for (const auto text : {short_text, long_text}) watched_string secret(text);
    EXPECT_EQ(given_back().size(), 2u);
    EXPECT_TRUE(all_was_wiped());
}

TEST_F(secret_string_test, wipes_what_it_had_when_it_is_assigned_to) {
    watched_string secret(short_text);
    secret = watched_string(long_text);
    EXPECT_EQ(secret.view(), long_text);
    EXPECT_EQ(given_back().size(), 1u);
    EXPECT_TRUE(all_was_wiped());
}

TEST_F(secret_string_test, wipes_what_it_outgrows) {
    watched_string secret;
    for (const char byte : long_text) secret.push_back(byte);
    EXPECT_EQ(secret.view(), long_text);
    secret.append(long_text);
    EXPECT_EQ(secret.view(), std::string(long_text).append(long_text));
    EXPECT_GE(given_back().size(), 2u);
    EXPECT_TRUE(all_was_wiped());
}

TEST_F(secret_string_test, keeps_no_text_within_itself) {
    watched_string secret(short_text);
    const auto* const begin = secret.view().data();
    const auto own = std::string(reinterpret_cast<const char*>(&secret), sizeof secret);
    EXPECT_EQ(own.find(short_text), own.npos);
    const auto moved = std::move(secret);
    EXPECT_EQ(moved.view().data(), begin);
    EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): that is the promise
    EXPECT_TRUE(given_back().empty());
}

TEST_F(secret_string_test, wipes_what_it_no_longer_holds) {
    secret_string secret(long_text);
    const auto held = std::string_view(secret.view());
    const auto zeros = [](std::size_t count) { return std::string(count, '\0'); };
    secret.resize(7);
    EXPECT_EQ(held, std::string(long_text.substr(0, 7)) + zeros(long_text.size() - 7));
    secret.erase_front(5);
    EXPECT_EQ(secret.view(), long_text.substr(5, 2));
    EXPECT_EQ(held, std::string(long_text.substr(5, 2)) + zeros(long_text.size() - 2));
    secret.clear();
    EXPECT_TRUE(secret.empty());
    EXPECT_EQ(held, zeros(long_text.size()));
}

TEST_F(secret_string_test, may_hold_any_bytes) {
    secret_string secret(std::string_view("a\0b", 3));
    secret.append(std::string_view("\0", 1));
    secret.resize(6);
    EXPECT_EQ(secret.view(), std::string_view("a\0b\0\0\0", 6));
    secret.bytes()[0] = 'x';
    EXPECT_EQ(secret.view().front(), 'x');
    secret.erase_front(secret.size());
    EXPECT_TRUE(secret.empty());
    secret.append("");
    EXPECT_TRUE(secret.empty());
}

template <class T>
concept printable = requires(std::ostream& out, const T& value) { out << value; };

TEST_F(secret_string_test, is_not_copied_or_printed_by_accident) {
    static_assert(!std::is_copy_constructible_v<secret_string> && !std::is_copy_assignable_v<secret_string>);
    static_assert(!std::is_convertible_v<secret_string, std::string_view>);
    static_assert(!std::is_convertible_v<std::string_view, secret_string>);
    static_assert(printable<std::string> && !printable<secret_string>);
}

TEST(wipe, reaches_every_byte_and_no_other) {
    std::string memory = "before-secret-after";
    wipe(std::span(memory).subspan(7, 6));
    EXPECT_EQ(memory, "before-" + std::string(6, '\0') + "-after");
}

}  // namespace
}  // namespace userinfo
