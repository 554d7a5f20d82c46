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

grpc::StatusCode code_of(errc code) {
    switch (code) {
        case errc::invalid_argument: return grpc::StatusCode::INVALID_ARGUMENT;
        case errc::already_exists: return grpc::StatusCode::ALREADY_EXISTS;
        case errc::wrong_credentials:
        case errc::invalid_token:
        case errc::token_expired:
        case errc::reauthentication_required: return grpc::StatusCode::UNAUTHENTICATED;
        case errc::wrong_password:
        case errc::account_suspended: return grpc::StatusCode::PERMISSION_DENIED;
        case errc::not_found: return grpc::StatusCode::NOT_FOUND;
        case errc::version_mismatch: return grpc::StatusCode::ABORTED;
        case errc::too_many_attempts: return grpc::StatusCode::RESOURCE_EXHAUSTED;
        case errc::overloaded:
        case errc::unavailable: return grpc::StatusCode::UNAVAILABLE;
        case errc::internal: return grpc::StatusCode::INTERNAL;
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

std::optional<v1::Failure> failure_in(const grpc::Status& status) {
    if (status.error_details().empty()) return std::nullopt;
    v1::StatusDetails details;
    v1::Failure failure;
    if (!details.ParseFromString(status.error_details()) || details.details_size() != 1) return std::nullopt;
    if (!details.details(0).UnpackTo(&failure)) return std::nullopt;
    if (!v1::Failure::Reason_IsValid(failure.reason()) || failure.reason() == v1::Failure::REASON_UNSPECIFIED) {
        return std::nullopt;
    }
    return failure;
}

error not_by_the_service(const grpc::Status& status) {
    switch (status.error_code()) {
        case grpc::StatusCode::UNAVAILABLE:
        case grpc::StatusCode::DEADLINE_EXCEEDED:
        case grpc::StatusCode::CANCELLED:
        case grpc::StatusCode::RESOURCE_EXHAUSTED:
            return {.code = errc::unavailable,
                    .message = "The service does not answer; try again shortly.",
                    .retry_after = shortly};
        default:
            log_error("the service gave an answer that is not of its protocol",
                      {{"status", static_cast<std::int64_t>(status.error_code())},
                       {"message", std::string_view(status.error_message())}});
            return {.code = errc::internal, .message = "Something went wrong inside."};
    }
}

}  // namespace

grpc::Status to_status(const error& error) {
    const auto code = code_of(error.code);
    v1::StatusDetails details;
    details.set_code(code);
    details.set_message(error.message);
    details.add_details()->PackFrom(failure_of(error));
    return {code, error.message, details.SerializeAsString()};
}

error to_error(const grpc::Status& status) {
    const auto failure = failure_in(status);
    if (!failure) return not_by_the_service(status);
    return {.code = static_cast<errc>(failure->reason()),
            .message = status.error_message(),
            .field = failure->field(),
            .reason = failure->field_reason(),
            .retry_after = seconds(failure->retry_after().seconds()),
            .greatest_age = seconds(failure->greatest_age().seconds())};
}

bool is_lost_connection(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty();
}

}  // namespace userinfo::rpc
