// A service that answers as a test tells it to, and remembers what it was asked.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "service/userinfo_service.h"

namespace userinfo::gateway::test {

// A call that no test expects fails with errc::internal.
class scripted_client : public userinfo_service {
public:
    std::function<result<token_grant>(const log_in_request&)> on_log_in = unexpected_call;
    std::function<result<token_grant>(const std::string& refresh_token, transport)> on_refresh = unexpected_call;
    std::function<result<void>(const log_out_request&)> on_log_out = unexpected_call;
    std::function<result<account>(const call&)> on_get_account = unexpected_call;
    std::function<result<token_grant>()> on_change_password = unexpected_call;
    std::function<result<token_grant>()> on_reauthenticate = unexpected_call;
    std::function<result<profile_view>(std::optional<seen_version>)> on_get_profile = unexpected_call;
    std::function<result<profile_view>(std::optional<std::uint64_t>)> on_update_profile = unexpected_call;

    std::vector<std::string> access_tokens;  // of the calls that need a user, in order
    std::function<bool()> client_left;       // of the last get_account

    task<result<void>> register_account(call&, std::string, std::string) override { co_return unexpected_call(); }
    task<result<token_grant>> log_in(call&, log_in_request request) override { co_return on_log_in(request); }
    task<result<token_grant>> refresh(call&, std::string token, transport transport) override {
        co_return on_refresh(token, transport);
    }
    task<result<void>> log_out(call&, log_out_request request) override { co_return on_log_out(request); }
    task<result<account>> get_account(call& call) override {
        access_tokens.push_back(call.access_token);
        client_left = call.client_left;
        co_return on_get_account(call);
    }
    task<result<token_grant>> change_password(call& call, std::string, std::string) override {
        access_tokens.push_back(call.access_token);
        co_return on_change_password();
    }
    task<result<token_grant>> reauthenticate(call& call, std::string) override {
        access_tokens.push_back(call.access_token);
        co_return on_reauthenticate();
    }
    task<result<void>> delete_account(call&, std::string) override { co_return unexpected_call(); }
    task<result<std::vector<session_view>>> list_sessions(call&) override { co_return unexpected_call(); }
    task<result<void>> end_session(call&, std::string) override { co_return unexpected_call(); }
    task<result<void>> end_other_sessions(call&) override { co_return unexpected_call(); }
    task<result<profile_view>> get_profile(call& call, std::optional<seen_version> seen) override {
        access_tokens.push_back(call.access_token);
        co_return on_get_profile(seen);
    }
    task<result<profile_view>> create_profile(call&, profile_input) override { co_return unexpected_call(); }
    task<result<profile_view>> update_profile(call& call, profile_input,
                                              std::optional<std::uint64_t> version) override {
        access_tokens.push_back(call.access_token);
        co_return on_update_profile(version);
    }
    task<result<profile_view>> delete_profile(call&, std::optional<std::uint64_t>) override {
        co_return unexpected_call();
    }
    task<result<std::string>> public_keys(call&) override { co_return unexpected_call(); }

private:
    static constexpr auto unexpected_call = [](auto&&...) { return failure(errc::internal, "not expected"); };
};

}  // namespace userinfo::gateway::test
