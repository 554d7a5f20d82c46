// The RPCs of userinfo.v1.Userinfo, each known by the type of its request.
#pragma once

#include <string_view>
#include <tuple>

#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

inline constexpr std::string_view service_name = "userinfo.v1.Userinfo";

struct method_properties {
    std::string_view path;
    bool may_repeat = false;         // done twice it does what it does done once
    bool hashes_a_password = false;  // so long that its client may leave meanwhile
};

template <class Request>
struct method;

template <class Response>
struct answered_by {
    using response = Response;
};

template <>
struct method<v1::RegisterRequest> : answered_by<v1::RegisterResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/Register", .hashes_a_password = true};
};
template <>
struct method<v1::LoginRequest> : answered_by<v1::LoginResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/Login", .hashes_a_password = true};
};
// The predecessor of a token is answered with the same successor.
template <>
struct method<v1::RefreshRequest> : answered_by<v1::RefreshResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/Refresh", .may_repeat = true};
};
// Ending a session twice is no error.
template <>
struct method<v1::LogoutRequest> : answered_by<v1::LogoutResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/Logout", .may_repeat = true};
};
template <>
struct method<v1::GetPublicKeysRequest> : answered_by<v1::GetPublicKeysResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/GetPublicKeys", .may_repeat = true};
};
template <>
struct method<v1::GetAccountRequest> : answered_by<v1::GetAccountResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/GetAccount", .may_repeat = true};
};
template <>
struct method<v1::ChangePasswordRequest> : answered_by<v1::ChangePasswordResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/ChangePassword", .hashes_a_password = true};
};
template <>
struct method<v1::ReauthenticateRequest> : answered_by<v1::ReauthenticateResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/Reauthenticate", .hashes_a_password = true};
};
template <>
struct method<v1::DeleteAccountRequest> : answered_by<v1::DeleteAccountResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/DeleteAccount", .hashes_a_password = true};
};
template <>
struct method<v1::ListSessionsRequest> : answered_by<v1::ListSessionsResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/ListSessions", .may_repeat = true};
};
template <>
struct method<v1::EndSessionRequest> : answered_by<v1::EndSessionResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/EndSession"};
};
template <>
struct method<v1::EndOtherSessionsRequest> : answered_by<v1::EndOtherSessionsResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/EndOtherSessions"};
};
template <>
struct method<v1::GetProfileRequest> : answered_by<v1::GetProfileResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/GetProfile", .may_repeat = true};
};
template <>
struct method<v1::CreateProfileRequest> : answered_by<v1::CreateProfileResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/CreateProfile"};
};
template <>
struct method<v1::UpdateProfileRequest> : answered_by<v1::UpdateProfileResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/UpdateProfile"};
};
template <>
struct method<v1::DeleteProfileRequest> : answered_by<v1::DeleteProfileResponse> {
    static constexpr method_properties is{.path = "/userinfo.v1.Userinfo/DeleteProfile"};
};

// Calls `each` with an empty request of every method.
void for_each_method(auto each) {
    const std::tuple<v1::RegisterRequest, v1::LoginRequest, v1::RefreshRequest, v1::LogoutRequest,
                     v1::GetPublicKeysRequest, v1::GetAccountRequest, v1::ChangePasswordRequest,
                     v1::ReauthenticateRequest, v1::DeleteAccountRequest, v1::ListSessionsRequest,
                     v1::EndSessionRequest, v1::EndOtherSessionsRequest, v1::GetProfileRequest,
                     v1::CreateProfileRequest, v1::UpdateProfileRequest, v1::DeleteProfileRequest>
        requests;
    std::apply([&each](const auto&... request) { (each(request), ...); }, requests);
}

}  // namespace userinfo::rpc
