#include "base/log_writer.h"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/eventually.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;

// Both ends of a pipe; the reading one does not wait.
class pipe_ends {
public:
    pipe_ends() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0) std::abort();
        ::fcntl(reader(), F_SETFL, O_NONBLOCK);
    }
    ~pipe_ends() {
        ::close(reader());
        ::close(writer());
    }

    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }

    // Appends what came so far.
    void read_into(std::string& text) const {
        std::array<char, 65536> buffer;
        for (;;) {
            const auto count = ::read(reader(), buffer.data(), buffer.size());
            if (count <= 0) return;
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

private:
    std::array<int, 2> ends_{};
};

TEST(log_writer, writes_lines_in_their_order_while_it_lives) {
    const pipe_ends pipe;
    log_writer writer(pipe.writer());
    std::string text;
    for (const bool urgent : {false, true}) {
        text.clear();
        writer.append("first", urgent);
        writer.append("second", urgent);
        EXPECT_TRUE(test::eventually([&] {
            pipe.read_into(text);
            return text == "first\nsecond\n";
        })) << text;
    }
}

TEST(log_writer, a_flush_returns_once_all_before_it_is_written) {
    const pipe_ends pipe;
    log_writer writer(pipe.writer());
    writer.flush(1h);
    for (int i = 0; i < 100; ++i) {
        writer.append("line", false);
        writer.flush(1h);
        std::string text;
        pipe.read_into(text);
        ASSERT_EQ(text, "line\n");
    }
}

TEST(log_writer, a_flush_gives_up_if_the_output_takes_nothing) {
    const pipe_ends pipe;
    log_writer writer(pipe.writer());
    writer.append(std::string(1 << 20, 'x'), false);  // more than a pipe holds
    writer.flush(1ms);
    std::string text;
    EXPECT_TRUE(test::eventually([&] {
        pipe.read_into(text);
        return text.ends_with('\n');
    }));
}

TEST(log_writer, writes_what_waits_at_its_end) {
    const pipe_ends pipe;
    {
        log_writer writer(pipe.writer());
        for (int i = 0; i < 100; ++i) writer.append("line", false);
    }
    std::string text;
    pipe.read_into(text);
    EXPECT_EQ(text.size(), 100 * std::string_view("line\n").size());
}

TEST(log_writer, loses_and_counts_lines_rather_than_stop_the_program) {
    const pipe_ends pipe;
    std::string text;
    std::uint64_t lost = 0;
    constexpr std::size_t lines = 300;
    {
        log_writer writer(pipe.writer());
        const std::string line(100'000, 'x');
        for (std::size_t i = 0; i < lines; ++i) writer.append(line, false);  // nobody reads: 30 MB for 8 MiB
        lost = writer.lost();
        EXPECT_GT(lost, 0u);
        EXPECT_LT(lost, lines);
        EXPECT_TRUE(test::eventually([&] {
            pipe.read_into(text);
            return text.size() == (lines - lost) * (line.size() + 1);
        }));
    }
    pipe.read_into(text);
    EXPECT_EQ(text.size(), (lines - lost) * 100'001);
}

// A disk that is full takes a part of a line; what comes when there is room again must be a line of its own.
TEST(log_writer, does_not_go_on_where_a_line_was_cut_off) {
    const pipe_ends pipe;
    ::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK);
    const auto room = static_cast<std::size_t>(::fcntl(pipe.writer(), F_GETPIPE_SZ));
    log_writer writer(pipe.writer());
    writer.append(std::string(room + 1, 'x'), true);
    ASSERT_TRUE(test::eventually([&] { return writer.lost() == 1; }));
    std::string text;
    pipe.read_into(text);
    EXPECT_EQ(text, std::string(room, 'x'));
    text.clear();
    writer.append("whole", true);
    EXPECT_TRUE(test::eventually([&] {
        pipe.read_into(text);
        return text == "\nwhole\n";
    })) << text;
}

TEST(log_writer, counts_what_the_file_does_not_take) {
    const pipe_ends pipe;
    const int unwritable = pipe.reader();
    log_writer writer(unwritable);
    writer.append("a", true);
    writer.append("b", true);
    EXPECT_TRUE(test::eventually([&] { return writer.lost() == 2; }));
}

}  // namespace
}  // namespace userinfo
