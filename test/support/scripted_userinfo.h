// A userinfo that gives the answers that a test sets, whatever the request.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "service/userinfo_service.h"

namespace userinfo::test {

class scripted_userinfo final : public userinfo_service {
public:
    using script = std::function<task<result<void>>(call&)>;

    explicit scripted_userinfo(script script) : script_(std::move(script)) {}

    std::size_t calls() const { return calls_; }

    task<result<void>> register_account(call& call, std::string, std::string) override { return play(call); }
    task<result<token_grant>> log_in(call& call, log_in_request) override { return play(call, grant()); }
    task<result<token_grant>> refresh(call& call, std::string, transport) override { return play(call, grant()); }
    task<result<void>> log_out(call& call, log_out_request) override { return play(call); }
    task<result<account>> get_account(call& call) override { return play(call, account{}); }
    task<result<token_grant>> change_password(call& call, std::string, std::string) override {
        return play(call, grant());
    }
    task<result<token_grant>> reauthenticate(call& call, std::string) override { return play(call, grant()); }
    task<result<void>> delete_account(call& call, std::string) override { return play(call); }
    task<result<std::vector<session_view>>> list_sessions(call& call) override {
        return play(call, std::vector<session_view>());
    }
    task<result<void>> end_session(call& call, std::string) override { return play(call); }
    task<result<void>> end_other_sessions(call& call) override { return play(call); }
    task<result<profile_view>> get_profile(call& call, std::optional<seen_version>) override {
        return play(call, profile());
    }
    task<result<profile_view>> create_profile(call& call, profile_input) override { return play(call, profile()); }
    task<result<profile_view>> update_profile(call& call, profile_input, std::optional<std::uint64_t>) override {
        return play(call, profile());
    }
    task<result<profile_view>> delete_profile(call& call, std::optional<std::uint64_t>) override {
        return play(call, profile());
    }
    task<result<std::string>> public_keys(call& call) override { return play(call, std::string("{}")); }

private:
    static token_grant grant() {
        return {.access_token = "a",
                .refresh_token = "r",
                .access_lifetime = {},
                .refresh_lifetime = {},
                .transport = transport::bearer};
    }

    static profile_view profile() { return {.account = {}, .profile = std::make_shared<const versioned_profile>()}; }

    task<result<void>> play(call& call) {
        ++calls_;
        return script_(call);
    }

    template <class T>
    task<result<T>> play(call& call, T value) {
        const auto outcome = co_await play(call);
        if (!outcome) co_return std::unexpected(outcome.error());
        co_return value;
    }

    const script script_;
    std::atomic<std::size_t> calls_ = 0;
};

}  // namespace userinfo::test
