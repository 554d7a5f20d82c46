// What each RPC does: its message becomes a call of userinfo, and the outcome a message again.
#pragma once

#include "base/task.h"
#include "service/userinfo_service.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

task<result<v1::RegisterResponse>> handle(userinfo_service& userinfo, call& call, v1::RegisterRequest request);
task<result<v1::LoginResponse>> handle(userinfo_service& userinfo, call& call, v1::LoginRequest request);
task<result<v1::RefreshResponse>> handle(userinfo_service& userinfo, call& call, v1::RefreshRequest request);
task<result<v1::LogoutResponse>> handle(userinfo_service& userinfo, call& call, v1::LogoutRequest request);
task<result<v1::GetPublicKeysResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::GetPublicKeysRequest request);

task<result<v1::GetAccountResponse>> handle(userinfo_service& userinfo, call& call, v1::GetAccountRequest request);
task<result<v1::ChangePasswordResponse>> handle(userinfo_service& userinfo, call& call,
                                                v1::ChangePasswordRequest request);
task<result<v1::ReauthenticateResponse>> handle(userinfo_service& userinfo, call& call,
                                                v1::ReauthenticateRequest request);
task<result<v1::DeleteAccountResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::DeleteAccountRequest request);

task<result<v1::ListSessionsResponse>> handle(userinfo_service& userinfo, call& call, v1::ListSessionsRequest request);
task<result<v1::EndSessionResponse>> handle(userinfo_service& userinfo, call& call, v1::EndSessionRequest request);
task<result<v1::EndOtherSessionsResponse>> handle(userinfo_service& userinfo, call& call,
                                                  v1::EndOtherSessionsRequest request);

task<result<v1::GetProfileResponse>> handle(userinfo_service& userinfo, call& call, v1::GetProfileRequest request);
task<result<v1::CreateProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::CreateProfileRequest request);
task<result<v1::UpdateProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::UpdateProfileRequest request);
task<result<v1::DeleteProfileResponse>> handle(userinfo_service& userinfo, call& call,
                                               v1::DeleteProfileRequest request);

}  // namespace userinfo::rpc
