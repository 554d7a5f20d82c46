#include "gateway/error_reply.h"

#include <algorithm>

#include "base/json_writer.h"

namespace userinfo::gateway {

namespace {

struct outcome {
    unsigned status;
    int code;
};

outcome outcome_of(errc code, const failure_codes& codes) {
    switch (code) {
        case errc::invalid_argument: return {400, codes.bad_request};
        case errc::already_exists: return {409, codes.conflict};
        case errc::wrong_credentials: return {401, envelope_code::wrong_credentials};
        case errc::wrong_password: return {403, envelope_code::wrong_password};
        case errc::account_suspended: return {403, envelope_code::account_suspended};
        case errc::invalid_token: return {401, envelope_code::invalid_token};
        case errc::token_expired: return {401, envelope_code::token_expired};
        case errc::reauthentication_required: return {401, envelope_code::reauthentication_required};
        case errc::not_found: return {404, codes.not_found};
        case errc::version_mismatch: return {412, envelope_code::version_mismatch};
        case errc::too_many_attempts: return {429, envelope_code::too_many_attempts};
        case errc::overloaded:
        case errc::unavailable: return {503, codes.failed};
        case errc::internal: return {500, codes.failed};
    }
    std::unreachable();
}

std::string data_of(const error& error) {
    std::string data = "null";
    if (error.field.empty()) return data;
    data.clear();
    json_writer(data).begin_object().member("field", error.field).member("reason", error.reason).end_object();
    return data;
}

// RFC 9110 section 11.6.1: a 401 names a way to authenticate. A log-in that failed is one, too. RFC 9470 section 3: and
// how old the proof may be.
std::string challenge_of(const error& error) {
    if (error.code != errc::reauthentication_required) return "Bearer";
    return "Bearer error=\"insufficient_user_authentication\", max_age=" + std::to_string(error.greatest_age.count());
}

}  // namespace

http::reply make_error_reply(const error& error, const failure_codes& codes) {
    const auto outcome = outcome_of(error.code, codes);
    auto reply = http::make_envelope(outcome.status, outcome.code, error.message, data_of(error));
    if (outcome.status == 401) reply.headers.emplace_back("WWW-Authenticate", challenge_of(error));
    if (outcome.status == 429 || outcome.status == 503) {
        const auto seconds = std::max<std::chrono::seconds::rep>(1, error.retry_after.count());
        reply.headers.emplace_back("Retry-After", std::to_string(seconds));
    }
    return reply;
}

}  // namespace userinfo::gateway
