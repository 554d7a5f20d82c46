#include <algorithm>
#include <atomic>
#include <thread>

#include "support/eventually.h"
#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr auto wrong = "another phrase";

// Strangers have no device; the owner has one that has logged in before.
class known_device : public testing::Test {
protected:
    result<token_grant> try_log_in(const std::string& email, const std::string& password, const std::string& device) {
        return run(parts_.accounts.log_in(parts_.request(), email, password, transport::bearer, device));
    }

    // The device after the log-in.
    std::string log_in(const std::string& email, const std::string& device = {}) {
        return try_log_in(email, good_password, device).value().device;
    }

    void fail(const std::string& email, int times, const std::string& device = {}) {
        for (int i = 0; i < times; ++i) {
            EXPECT_EQ(failure_of(try_log_in(email, wrong, device)), errc::wrong_credentials) << i;
        }
    }

    service_fixture parts_;
    const uuid anna_ = parts_.register_account(anna);
    const uuid berta_ = parts_.register_account(berta);
};

TEST_F(known_device, logs_in_at_once_while_strangers_are_told_to_wait) {
    const auto device = log_in(anna);
    fail(anna, 6);
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, {})), errc::too_many_attempts);
    EXPECT_TRUE(try_log_in(anna, good_password, device));
}

TEST_F(known_device, does_not_clear_strangers_failures_and_so_tells_them_nothing) {
    const auto device = log_in(anna);
    fail(anna, 6);
    const auto before = try_log_in(anna, wrong, {}).error();
    log_in(anna, device);
    const auto after = try_log_in(anna, wrong, {}).error();
    EXPECT_EQ(after.code, errc::too_many_attempts);
    EXPECT_EQ(after.retry_after, before.retry_after);
    EXPECT_EQ(after.message, before.message);
}

TEST_F(known_device, its_failures_are_not_added_to_those_of_strangers) {
    const auto device = log_in(anna);
    fail(anna, 9, device);
    fail(anna, 6);
}

TEST_F(known_device, counts_as_unknown_for_an_hour_after_ten_failures) {
    const auto device = log_in(anna);
    fail(anna, 10, device);
    fail(anna, 5);
    fail(anna, 1, device);  // the sixth of the identifier
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, device)), errc::too_many_attempts);
    parts_.clock.advance(1h);
    fail(anna, 1);
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, {})), errc::too_many_attempts);
    EXPECT_TRUE(try_log_in(anna, good_password, device));
}

TEST_F(known_device, has_ten_failures_an_hour) {
    const auto device = log_in(anna);
    fail(anna, 9, device);
    parts_.clock.advance(1h);
    fail(anna, 6);
    fail(anna, 10, device);
    EXPECT_EQ(failure_of(try_log_in(anna, wrong, device)), errc::too_many_attempts);
}

TEST_F(known_device, its_success_forgets_its_failures) {
    auto device = log_in(anna);
    fail(anna, 9, device);
    device = log_in(anna, device);
    fail(anna, 6);
    fail(anna, 9, device);
    EXPECT_TRUE(try_log_in(anna, good_password, device));
}

TEST_F(known_device, is_limited_in_parallel_as_in_sequence) {
    const auto device = log_in(anna);
    std::vector<task<result<token_grant>>> guesses;
    for (int i = 0; i < 40; ++i) {
        guesses.push_back([](service_fixture& parts, const std::string& shown) -> task<result<token_grant>> {
            co_return co_await parts.accounts.log_in(parts.request(), anna, wrong, transport::bearer, shown);
        }(parts_, device));
    }
    std::size_t checked = 0;
    for (const auto& outcome : run_together(std::move(guesses))) {
        if (outcome.error().code == errc::wrong_credentials) ++checked;
    }
    EXPECT_GE(checked, 1U);
    EXPECT_LE(checked, 10U + 6U) << "those of the device, and those of the identifier";
}

TEST_F(known_device, is_none_if_it_is_of_another_account_or_not_ours) {
    log_in(anna);
    const auto foreign = log_in(berta);
    fail(anna, 6);
    for (const std::string& shown :
         {foreign, std::string("forged"), std::string(322, 'A'), std::string(100'000, 'A')}) {
        const auto told = try_log_in(anna, good_password, shown);
        ASSERT_EQ(failure_of(told), errc::too_many_attempts);
        EXPECT_EQ(told.error().retry_after, try_log_in(anna, good_password, {}).error().retry_after);
    }
}

TEST_F(known_device, is_none_for_an_address_that_nobody_has) {
    const auto device = log_in(anna);
    const std::string nobody = "nobody@example.org";
    fail(nobody, 6, device);
    EXPECT_EQ(failure_of(try_log_in(nobody, wrong, device)), errc::too_many_attempts);
}

TEST_F(known_device, shows_what_the_last_log_in_gave_and_nothing_older) {
    const auto first = log_in(anna);
    const auto second = log_in(anna, first);
    fail(anna, 6);
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, first)), errc::too_many_attempts);
    EXPECT_TRUE(try_log_in(anna, good_password, second));
}

// The reply to its last log-in was lost.
TEST_F(known_device, whose_reply_was_lost_is_as_any_unknown_one) {
    const auto first = log_in(anna);
    log_in(anna, first);
    const auto third = log_in(anna, first);
    fail(anna, 6);
    EXPECT_TRUE(try_log_in(anna, good_password, third));
}

TEST_F(known_device, is_given_by_a_log_in_alone) {
    const auto granted = try_log_in(anna, good_password, {}).value();
    EXPECT_FALSE(granted.device.empty());
    const auto caller = parts_.owner_of(granted);
    EXPECT_EQ(parts_.refresh(granted).value().device, "");
    EXPECT_EQ(run(parts_.accounts.reauthenticate(parts_.request(), caller, good_password)).value().device, "");
    EXPECT_EQ(run(parts_.accounts.change_password(parts_.request(), caller, good_password, "a new long phrase"))
                  .value()
                  .device,
              "");
}

TEST_F(known_device, of_several_accounts_share_one_client) {
    const auto of_anna = log_in(anna);
    const auto of_both = log_in(berta, of_anna);
    fail(anna, 6);
    fail(berta, 6);
    EXPECT_TRUE(try_log_in(berta, good_password, of_both));
    const auto granted = try_log_in(anna, good_password, of_both);
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->device.size(), of_both.size()) << "it replaces the one of its account";
}

TEST_F(known_device, is_forgotten_by_a_client_that_logs_in_to_five_other_accounts) {
    auto shown = log_in(anna);
    for (int i = 0; i < 5; ++i) {
        const auto email = "other" + std::to_string(i) + "@example.org";
        parts_.register_account(email);
        shown = log_in(email, shown);
    }
    fail(anna, 6);
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, shown)), errc::too_many_attempts);
}

TEST_F(known_device, lets_its_owner_prove_the_password_while_strangers_fail) {
    const auto granted = try_log_in(anna, good_password, {}).value();
    const auto caller = parts_.owner_of(granted);
    fail(anna, 6);
    const auto call = parts_.request();
    EXPECT_EQ(failure_of(run(parts_.accounts.reauthenticate(call, caller, good_password))), errc::too_many_attempts);
    EXPECT_TRUE(run(parts_.accounts.reauthenticate(call, caller, good_password, granted.device)));
    const auto changed =
        run(parts_.accounts.change_password(call, caller, good_password, "a new long phrase", granted.device));
    ASSERT_TRUE(changed);
    EXPECT_TRUE(run(parts_.accounts.remove(call, parts_.owner_of(*changed), "a new long phrase", granted.device)));
}

TEST_F(known_device, gives_a_stolen_session_ten_guesses) {
    const auto granted = try_log_in(anna, good_password, {}).value();
    const auto caller = parts_.owner_of(granted);
    const auto guess = [&] {
        return failure_of(run(parts_.accounts.reauthenticate(parts_.request(), caller, wrong, granted.device)));
    };
    for (int i = 0; i < 10 + 6; ++i) EXPECT_EQ(guess(), errc::wrong_password);
    EXPECT_EQ(guess(), errc::too_many_attempts);
}

TEST_F(known_device, stays_known_after_a_change_of_password_and_a_log_out) {
    const auto granted = try_log_in(anna, good_password, {}).value();
    const auto changed = run(parts_.accounts.change_password(parts_.request(), parts_.owner_of(granted), good_password,
                                                             "a new long phrase"))
                             .value();
    ASSERT_TRUE(run(parts_.sessions.log_out(parts_.request(), changed.refresh_token)));
    fail(anna, 6);
    EXPECT_TRUE(try_log_in(anna, "a new long phrase", granted.device));
}

TEST_F(known_device, is_listed_and_forgotten_by_its_owner) {
    const auto granted = try_log_in(anna, good_password, {}).value();
    log_in(anna);
    const auto caller = parts_.owner_of(granted);
    const auto listed = run(parts_.devices.list(caller, granted.device)).value();
    ASSERT_EQ(listed.size(), 2U);
    const auto own = std::ranges::find_if(listed, &owned_device::current);
    ASSERT_NE(own, listed.end());
    EXPECT_EQ(own->value.name, "a browser");
    EXPECT_EQ(std::ranges::count_if(run(parts_.devices.list(caller, {})).value(), &owned_device::current), 0);

    ASSERT_TRUE(run(parts_.devices.forget(parts_.request(), caller, own->value.id)));
    fail(anna, 6);
    EXPECT_EQ(failure_of(try_log_in(anna, good_password, granted.device)), errc::too_many_attempts);
    const auto events = parts_.audits(audit_type::device_forget);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].subject, anna_);
    EXPECT_EQ(events[0].session, log_label(caller.session.view()));
}

// The strangers come again and again, so that no moment finds the queue other than full for long.
TEST_F(known_device, is_checked_while_strangers_fill_the_hashing_queue) {
    auto device = log_in(anna);
    metrics figures;
    passwords slow({.argon2 = {.memory_kib = 8 * 1024, .iterations = 2}, .threads = 1, .queue_limit = 16}, figures);
    accounts busy({.log_in_floor = 0ms}, parts_.store.accounts, parts_.limits, slow, parts_.sessions,
                  parts_.devices_of_clients, parts_.revoked, parts_.clock);
    const auto log_in_from = [&](std::string address, std::string email,
                                 std::string shown) -> task<result<token_grant>> {
        auto call = parts_.request();
        call.address = std::move(address);
        co_return co_await busy.log_in(call, email, good_password, transport::bearer, shown);
    };
    std::atomic<bool> is_over = false;
    std::jthread strangers([&] {
        const auto insist = [&](int network) -> task<int> {
            int tries = 0;
            for (; !is_over; ++tries) {
                co_await log_in_from("198." + std::to_string(network) + "." + std::to_string(tries % 256) + ".1",
                                     "nobody" + std::to_string(tries) + "@" + std::to_string(network) + ".example", {});
            }
            co_return tries;
        };
        std::vector<task<int>> crowd;
        for (int network = 0; network < 24; ++network) crowd.push_back(insist(network));
        run_together(std::move(crowd), 1);
    });
    const auto is_refused = [&] { return failure_of(run(log_in_from("203.0.113.1", anna, {}))) == errc::overloaded; };
    const auto device_logs_in = [&] {
        const auto granted = run(log_in_from("203.0.113.1", anna, device));
        if (granted) device = granted->device;
        return granted.has_value();
    };
    EXPECT_TRUE(eventually(is_refused));
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(device_logs_in()) << i;
    EXPECT_TRUE(eventually(is_refused)) << "the queue was full all the time";
    is_over = true;
}

TEST_F(known_device, that_is_used_up_is_recorded) {
    const auto device = log_in(anna);
    fail(anna, 9, device);
    EXPECT_TRUE(parts_.audits(audit_type::throttle).empty());
    fail(anna, 1, device);
    const auto throttled = parts_.audits(audit_type::throttle);
    ASSERT_EQ(throttled.size(), 1U);
    EXPECT_EQ(throttled[0].subject, anna_);
}

}  // namespace
}  // namespace userinfo
