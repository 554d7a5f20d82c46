#include "tokens/access_token.h"

#include <optional>
#include <stdexcept>

#include <boost/json.hpp>

#include "base/base64.h"
#include "base/json_object.h"
#include "base/json_writer.h"
#include "base/log.h"

namespace userinfo {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_token = 4096;
constexpr std::size_t remembered_tokens = 65'536;
constexpr std::chrono::sys_seconds earliest_time{};
constexpr std::chrono::sys_seconds latest_time = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

// The mark of a token for another service.
constexpr std::string_view token_use = "token_use";
constexpr std::string_view for_back_end = "back_end";

struct parts {
    std::string_view header, payload, signature, signed_text;
};

std::optional<parts> split(std::string_view token) {
    if (token.size() > largest_token) return std::nullopt;
    const auto first = token.find('.');
    if (first == token.npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
    return parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                 token.substr(0, second)};
}

std::string_view text_of(const json::object& claims, std::string_view name) { return claims.at(name).as_string(); }

// In the spelling that we write.
uuid id_of(const json::object& claims, std::string_view name) {
    const auto text = text_of(claims, name);
    const auto id = uuid::parse(text);
    if (!id || id->to_string() != text) throw std::invalid_argument("not an id of ours");
    return *id;
}

// From 1970 to 9999. A larger number would overflow when compared with the clock's microseconds.
std::chrono::sys_seconds time_of(const json::object& claims, std::string_view name) {
    const std::chrono::sys_seconds time(std::chrono::seconds(claims.at(name).as_int64()));
    if (time < earliest_time || time > latest_time) throw std::out_of_range("not a time of ours");
    return time;
}

// 0 if the token does not tell.
std::uint64_t generation_of(const json::object& claims) {
    const auto* generation = claims.if_contains("gen");
    if (generation == nullptr) return 0;
    if (generation->as_int64() < 1) throw std::out_of_range("not a generation of ours");
    return static_cast<std::uint64_t>(generation->as_int64());
}

// Writes all claims but `gen`, and leaves the object open.
void write_claims(json_writer& writer, const access_claims& claims, std::string_view issuer,
                  std::string_view audience) {
    writer.begin_object()
        .member("iss", issuer)
        .member("aud", audience)
        .member("sub", claims.subject.to_string())
        .member("sid", claims.session.to_string())
        .member("client_id", claims.client)
        .member("iat", claims.issued_at.time_since_epoch().count())
        .member("exp", claims.expires_at.time_since_epoch().count())
        .member("jti", claims.token_id.to_string())
        .member("auth_time", claims.auth_time.time_since_epoch().count())
        .name("amr")
        .begin_array();
    for (const auto& method : claims.amr) writer.value(method);
    writer.end_array();
}

// The parsed document hides duplicate names. RFC 7519, section 4: names are unique.
bool repeats_a_name(std::string_view payload) {
    return read_json_object(payload, [](std::string_view, value_kind, std::string_view) {}).repeats_a_name;
}

// Throws std::exception if a claim is missing or has another type.
access_claims to_claims(const json::object& object) {
    access_claims claims{.subject = id_of(object, "sub"),
                         .session = id_of(object, "sid"),
                         .client = std::string(text_of(object, "client_id")),
                         .amr = {},
                         .issued_at = time_of(object, "iat"),
                         .expires_at = time_of(object, "exp"),
                         .auth_time = time_of(object, "auth_time"),
                         .token_id = id_of(object, "jti"),
                         .generation = generation_of(object)};
    for (const auto& method : object.at("amr").as_array())
        claims.amr.emplace_back(std::string_view(method.as_string()));
    return claims;
}

}  // namespace

access_tokens::access_tokens(access_token_settings settings, const access_keys& keys, const clock& clock)
    : settings_(std::move(settings)), keys_(keys), clock_(clock), verified_(remembered_tokens) {}

std::string access_tokens::issue(const access_claims& claims) const {
    std::string payload;
    json_writer writer(payload);
    write_claims(writer, claims, settings_.issuer, settings_.audience);
    if (claims.generation > 0) writer.member("gen", static_cast<std::int64_t>(claims.generation));
    writer.end_object();
    return sign(payload);
}

std::string access_tokens::issue_for_back_end(const access_claims& claims, std::string_view audience) const {
    std::string payload;
    json_writer writer(payload);
    write_claims(writer, claims, settings_.issuer, audience);
    writer.member(token_use, for_back_end).end_object();
    return sign(payload);
}

std::string access_tokens::sign(std::string_view payload) const {
    const auto keys = keys_.current();
    const auto& key = keys->signing_key();
    auto token = key.encoded_header + '.' + to_base64url(payload);
    const auto signature = key.key.sign(token);
    return token + '.' + to_base64url(signature);
}

std::expected<access_claims_ptr, token_error> access_tokens::verify(std::string_view token) {
    auto claims = verify_signature(token);
    if (!claims) return claims;
    if (!(*claims)->for_us) return std::unexpected(token_error::not_for_us);
    const auto now = clock_.now();
    if (now >= (*claims)->expires_at) return std::unexpected(token_error::expired);
    if ((*claims)->issued_at > now + largest_skew) {
        warn_of_future_token((*claims)->issued_at, now);
        return std::unexpected(token_error::expired);
    }
    return claims;
}

void access_tokens::warn_of_future_token(std::chrono::sys_seconds issued_at, timestamp now) {
    if (!future_tokens_.is_time(std::chrono::steady_clock::now())) return;
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(issued_at - now);
    log_warning("rejected an access token from the future; this machine's clock or that of another service is wrong",
                {{"ahead_s", ahead.count()}});
}

std::expected<access_claims_ptr, token_error> access_tokens::verify_signature(std::string_view token) {
    if (token.size() > largest_token) return std::unexpected(token_error::malformed);
    const auto keys = keys_.current();
    const auto header = token.substr(0, token.find('.'));
    const auto* key = keys->find_by_header(header);
    if (key == nullptr) {
        return std::unexpected(keys->names_gone_key(header) ? token_error::expired : token_error::malformed);
    }
    if (key->verify_until && clock_.now() >= *key->verify_until) return std::unexpected(token_error::expired);
    const auto digest = sha256(token);
    if (auto claims = verified_.find(digest)) return claims;
    auto claims = verify_uncached(token, *key);
    if (claims) verified_.put(digest, *claims);
    return claims;
}

std::expected<access_claims_ptr, token_error> access_tokens::verify_uncached(std::string_view token,
                                                                             const access_key& key) const {
    const auto parts = split(token);
    if (!parts) return std::unexpected(token_error::malformed);
    const auto signature = from_base64url(parts->signature);
    const auto payload = from_base64url(parts->payload);
    if (!signature || !payload) return std::unexpected(token_error::malformed);
    if (!key.key.verify(parts->signed_text, *signature)) return std::unexpected(token_error::bad_signature);
    if (repeats_a_name(*payload)) return std::unexpected(token_error::malformed);
    try {
        const auto object = json::parse(*payload).as_object();
        if (object.contains(token_use)) return std::unexpected(token_error::malformed);
        auto claims = to_claims(object);
        claims.for_us = text_of(object, "iss") == settings_.issuer && text_of(object, "aud") == settings_.audience;
        return std::make_shared<const access_claims>(std::move(claims));
    } catch (const std::exception&) {
        // The signature is ours but the form is not: a token from another version of this program.
        return std::unexpected(token_error::malformed);
    }
}

}  // namespace userinfo
