#include "rpc/failures.h"

#include "base/log.h"
#include "userinfo/v1/status.pb.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

namespace {

using std::chrono::seconds;

// For how long a client is asked to wait for another instance.
constexpr seconds shortly{1};

// The numbers of both enums are the same, which is checked here and relied on below.
static_assert(static_cast<int>(errc::invalid_argument) == v1::Failure::INVALID_ARGUMENT);
static_assert(static_cast<int>(errc::internal) == v1::Failure::INTERNAL);
static_assert(v1::Failure::Reason_ARRAYSIZE == v1::Failure::INTERNAL + 1);

h2::status_code code_of(errc code) {
    switch (code) {
        case errc::invalid_argument: return h2::status_code::invalid_argument;
        case errc::already_exists: return h2::status_code::already_exists;
        case errc::wrong_credentials:
        case errc::invalid_token:
        case errc::token_expired:
        case errc::reauthentication_required: return h2::status_code::unauthenticated;
        case errc::wrong_password:
        case errc::account_suspended: return h2::status_code::permission_denied;
        case errc::not_found: return h2::status_code::not_found;
        case errc::version_mismatch: return h2::status_code::aborted;
        case errc::too_many_attempts: return h2::status_code::resource_exhausted;
        case errc::overloaded:
        case errc::unavailable: return h2::status_code::unavailable;
        case errc::internal: return h2::status_code::internal;
    }
    std::unreachable();
}

v1::Failure failure_of(const error& error) {
    v1::Failure failure;
    failure.set_reason(static_cast<v1::Failure::Reason>(error.code));
    failure.set_field(error.field);
    failure.set_field_reason(error.reason);
    if (error.retry_after.count() > 0) failure.mutable_retry_after()->set_seconds(error.retry_after.count());
    if (error.greatest_age.count() > 0) failure.mutable_greatest_age()->set_seconds(error.greatest_age.count());
    return failure;
}

std::optional<v1::Failure> failure_in(const h2::status& status) {
    if (status.details.empty()) return std::nullopt;
    v1::StatusDetails details;
    v1::Failure failure;
    if (!details.ParseFromString(status.details) || details.details_size() != 1) return std::nullopt;
    if (!details.details(0).UnpackTo(&failure)) return std::nullopt;
    if (!v1::Failure::Reason_IsValid(failure.reason()) || failure.reason() == v1::Failure::REASON_UNSPECIFIED) {
        return std::nullopt;
    }
    return failure;
}

error not_by_the_service(const h2::status& status) {
    switch (status.code) {
        case h2::status_code::unavailable:
        case h2::status_code::deadline_exceeded:
        case h2::status_code::cancelled:
        case h2::status_code::resource_exhausted:
            return {.code = errc::unavailable,
                    .message = "The service does not answer; try again shortly.",
                    .retry_after = shortly};
        // An upgrade is under way: the gateway knows a use case that this service does not.
        case h2::status_code::unimplemented:
            return {.code = errc::unavailable,
                    .message = "The service is being upgraded; try again shortly.",
                    .retry_after = shortly};
        default:
            log_error(
                "the service gave an answer that is not of its protocol",
                {{"status", static_cast<std::int64_t>(status.code)}, {"answer", std::string_view(status.message)}});
            return internal_error();
    }
}

}  // namespace

h2::status to_status(const error& error) {
    const auto code = code_of(error.code);
    v1::StatusDetails details;
    details.set_code(static_cast<int>(code));
    details.set_message(error.message);
    details.add_details()->PackFrom(failure_of(error));
    return {code, error.message, details.SerializeAsString()};
}

error to_error(const h2::status& status) {
    const auto failure = failure_in(status);
    if (!failure) return not_by_the_service(status);
    return {.code = static_cast<errc>(failure->reason()),
            .message = status.message,
            .field = failure->field(),
            .reason = failure->field_reason(),
            .retry_after = seconds(failure->retry_after().seconds()),
            .greatest_age = seconds(failure->greatest_age().seconds())};
}

}  // namespace userinfo::rpc
