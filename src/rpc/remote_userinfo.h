// userinfo in another process: each call becomes one RPC to one of the service's instances.
//
// A call that is safe to repeat is tried once more, on another instance, if the connection fails, and so is any other
// that the instance has certainly not begun; else it may have been done, and is errc::unavailable. A call for which a
// password is hashed is cancelled when its client leaves.
#pragma once

#include <memory>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "net/tls_certificate.h"
#include "rpc/instance_address.h"
#include "service/userinfo_service.h"

namespace userinfo::rpc {

// Thread-safe; called on any of the contexts.
class remote_userinfo final : public userinfo_service {
public:
    // Calls come from `contexts`, each of which has connections of its own. `certificate`: null for no TLS. All must
    // outlive it. Knows no instance yet.
    remote_userinfo(const net::tls_certificate* certificate, const std::vector<asio::io_context*>& contexts,
                    metrics& metrics);

    // No call may be under way.
    ~remote_userinfo() override;

    // From now on these are the instances. Those that stay keep their connections; calls on those that go are finished.
    void update(std::vector<instance_address> instances);

    task<result<void>> register_account(call& call, std::string email, std::string password) override;
    task<result<token_grant>> log_in(call& call, log_in_request request) override;
    task<result<token_grant>> refresh(call& call, std::string refresh_token, transport transport) override;
    task<result<void>> log_out(call& call, log_out_request request) override;

    task<result<account>> get_account(call& call) override;
    task<result<token_grant>> change_password(call& call, std::string current_password,
                                              std::string new_password) override;
    task<result<token_grant>> reauthenticate(call& call, std::string password) override;
    task<result<void>> delete_account(call& call, std::string password) override;

    task<result<std::vector<session_view>>> list_sessions(call& call) override;
    task<result<void>> end_session(call& call, std::string id) override;
    task<result<void>> end_other_sessions(call& call) override;

    task<result<profile_view>> get_profile(call& call, std::optional<seen_version> seen) override;
    task<result<profile_view>> create_profile(call& call, profile_input input) override;
    task<result<profile_view>> update_profile(call& call, profile_input input,
                                              std::optional<std::uint64_t> if_version) override;
    task<result<profile_view>> delete_profile(call& call, std::optional<std::uint64_t> if_version) override;

    task<result<std::string>> public_keys(call& call) override;

private:
    class calls;
    const std::unique_ptr<calls> calls_;
};

}  // namespace userinfo::rpc
