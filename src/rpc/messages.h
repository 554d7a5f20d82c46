// Converts the types of the domain to messages and back. A message that breaks the contract is an error: its conversion
// returns an empty optional.
#pragma once

#include <optional>
#include <vector>

#include "service/use_cases.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

v1::Transport to_message(transport transport);
std::optional<transport> from_message(v1::Transport message);

v1::TokenGrant to_message(const token_grant& grant);
std::optional<token_grant> from_message(const v1::TokenGrant& message);

v1::Account to_message(const account& account);
std::optional<account> from_message(const v1::Account& message);

v1::Session to_message(const session_view& session);
std::optional<session_view> from_message(const v1::Session& message);

v1::CheckSessionResponse to_message(const checked_session& checked);
std::optional<checked_session> from_message(const v1::CheckSessionResponse& message);

v1::Device to_message(const device_view& device);
std::optional<device_view> from_message(const v1::Device& message);

v1::Profile to_message(const profile_view& profile);
std::optional<profile_view> from_message(const v1::Profile& message);

v1::ProfileInput to_message(const profile_input& input);
profile_input from_message(const v1::ProfileInput& message);

}  // namespace userinfo::rpc
