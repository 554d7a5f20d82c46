#include "audit/audit_tail.h"

#include <algorithm>
#include <ranges>

#include <gtest/gtest.h>

#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using ids = std::vector<std::int64_t>;

// Holds what has been committed, in whatever order, and has nothing that the tail does not use.
class committed_events final : public audit_store {
public:
    void commit(std::int64_t id, audit_type type = audit_type::log_in) {
        stored_audit_event event{};
        event.id = id;
        event.type = to_string(type);
        events_.push_back(event);
        std::ranges::sort(events_, {}, &stored_audit_event::id);
    }

    void fail_once() { fails_ = true; }
    std::int64_t last_after() const { return last_after_; }

    task<result<std::vector<stored_audit_event>>> list_by_id(audit_filter filter, std::int64_t after,
                                                             std::size_t limit) override {
        if (std::exchange(fails_, false)) co_return unavailable("The database does not answer.", 1s);
        last_after_ = after;
        std::vector<stored_audit_event> found;
        for (const auto& event : events_) {
            const bool is_wanted = !filter.type || event.type == to_string(*filter.type);
            if (event.id > after && is_wanted && found.size() < limit) found.push_back(event);
        }
        co_return found;
    }
    task<result<std::int64_t>> newest_id() override { co_return events_.empty() ? 0 : events_.back().id; }

    task<result<std::vector<stored_audit_event>>> list(audit_filter, audit_position, std::size_t) override {
        std::abort();
    }
    task<result<bool>> has_news(std::uint64_t, std::int64_t) override { std::abort(); }
    task<result<audit_chain_ends>> chain_ends(std::uint64_t) override { std::abort(); }
    task<result<audit_chain_page>> chain(std::uint64_t, std::size_t) override { std::abort(); }
    task<result<std::vector<stored_audit_event>>> next_unlinked(std::int64_t, std::size_t) override { std::abort(); }
    task<result<unlinked_audit_events>> count_unlinked() override { std::abort(); }
    task<result<bool>> append(const std::optional<audit_link>&, const std::vector<audit_link>&,
                              const std::vector<stored_audit_event>&) override {
        std::abort();
    }
    task<result<bool>> purge(const audit_link&, const std::string&) override { std::abort(); }
    task<result<void>> purge_unlinked(timestamp) override { std::abort(); }
    task<result<void>> drop_addresses(timestamp, timestamp) override { std::abort(); }

private:
    std::vector<stored_audit_event> events_;
    std::int64_t last_after_ = 0;
    bool fails_ = false;
};

class audit_tail_test : public testing::Test {
protected:
    audit_tail& begin(audit_filter filter = {}) {
        tail_.emplace(store_, filter, [this] { return now_; });
        EXPECT_TRUE(test::run(tail_->begin()));
        return *tail_;
    }

    ids next() {
        ids given;
        for (bool more = true; more;) {
            const auto news = test::run(tail_->next());
            EXPECT_TRUE(news);
            for (const auto& event : news->events) given.push_back(event.id);
            more = news->more;
        }
        return given;
    }

    committed_events store_;
    std::chrono::steady_clock::time_point now_{1h};
    std::optional<audit_tail> tail_;
};

TEST_F(audit_tail_test, gives_each_event_once) {
    begin();
    EXPECT_EQ(next(), ids());
    store_.commit(1);
    store_.commit(2);
    EXPECT_EQ(next(), (ids{1, 2}));
    EXPECT_EQ(next(), ids());
    store_.commit(3);
    EXPECT_EQ(next(), ids{3});
    now_ += 1h;
    EXPECT_EQ(next(), ids());
}

TEST_F(audit_tail_test, gives_what_becomes_visible_behind_a_higher_id) {
    begin();
    store_.commit(5);
    EXPECT_EQ(next(), ids{5});
    now_ += 9s;
    store_.commit(3);
    EXPECT_EQ(next(), ids{3});
    now_ += 9s;
    store_.commit(4);
    EXPECT_EQ(next(), ids{4});
    EXPECT_EQ(next(), ids());
}

TEST_F(audit_tail_test, gives_what_was_pending_when_it_began) {
    store_.commit(10);
    auto& tail = begin();
    tail.skip(10);
    EXPECT_EQ(next(), ids());
    store_.commit(8);
    EXPECT_EQ(next(), ids{8});
}

TEST_F(audit_tail_test, looks_no_further_back_than_an_event_may_be_late) {
    begin();
    store_.commit(1);
    EXPECT_EQ(next(), ids{1});
    EXPECT_EQ(next(), ids());
    EXPECT_EQ(store_.last_after(), 0);
    now_ += settled_ids::longest_transaction;
    EXPECT_EQ(next(), ids());
    store_.commit(2);
    EXPECT_EQ(next(), ids{2});
    EXPECT_EQ(store_.last_after(), 1);
}

TEST_F(audit_tail_test, begins_near_the_end) {
    store_.commit(20'000);
    begin();
    store_.commit(10'000);
    store_.commit(10'001);
    EXPECT_EQ(next(), (ids{10'001, 20'000}));
}

TEST_F(audit_tail_test, gives_more_than_one_look_can_find) {
    begin();
    for (std::int64_t id = 1; id <= 2500; ++id) store_.commit(id);
    EXPECT_EQ(next().size(), 2500u);
    EXPECT_EQ(next(), ids());
    store_.commit(2501);
    EXPECT_EQ(next(), ids{2501});
}

TEST_F(audit_tail_test, gives_what_the_filter_selects) {
    begin({.type = audit_type::log_out});
    store_.commit(1);
    store_.commit(2, audit_type::log_out);
    EXPECT_EQ(next(), ids{2});
    now_ += 1min;
    next();
    now_ += 1min;
    next();
    EXPECT_EQ(store_.last_after(), 2) << "events that are not selected are settled, too";
}

TEST_F(audit_tail_test, loses_nothing_if_a_look_fails) {
    auto& tail = begin();
    store_.commit(1);
    store_.fail_once();
    EXPECT_FALSE(test::run(tail.next()));
    EXPECT_EQ(next(), ids{1});
}

}  // namespace
}  // namespace userinfo
