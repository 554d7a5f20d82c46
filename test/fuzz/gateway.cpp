// Whole requests, from bytes to reply, before a service that knows everybody: whatever comes in, what goes out is well
// formed and repeats no secret.
#include "gateway/gateway.h"

#include <algorithm>
#include <string>

#include <boost/json.hpp>

#include "base/ascii.h"
#include "fuzz/input.h"
#include "gateway/web_file.h"
#include "http/request_reader.h"
#include "support/run_task.h"
#include "unit/gateway/scripted_service.h"

namespace userinfo::gateway {
namespace {

using fuzz::require;

const uuid somebody(uuid::byte_array{1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14, 15, 16});

token_grant grant_for(transport transport) {
    return {.access_token = "new-access",
            .refresh_token = "new-refresh",
            .access_lifetime = std::chrono::minutes(15),
            .refresh_lifetime = std::chrono::days(14),
            .transport = transport};
}

profile_view profile_of(std::uint64_t version) {
    const profile value{
        .account = somebody, .username = "Anna \"\n\xc3\xa9", .birthday = {}, .avatar = {}, .email = "a@b.c"};
    return {
        .account = somebody,
        .profile = std::make_shared<const versioned_profile>(versioned_profile{.version = version, .value = value})};
}

// Succeeds, or fails by what it is asked, so that the fuzzer reaches all kinds of replies.
void script(test::scripted_service& service) {
    service.on<use_cases::log_in>([](const use_cases::log_in& asked) -> result<token_grant> {
        if (asked.password.view() == "wrong") return failure(errc::wrong_credentials, "The password is wrong.");
        return grant_for(asked.transport);
    });
    service.on<use_cases::refresh>([](const use_cases::refresh& asked) -> result<token_grant> {
        if (asked.refresh_token == "old") return failure(errc::invalid_token, "The token is not valid.");
        return grant_for(asked.transport);
    });
    service.on<use_cases::log_out>([] { return result<void>(); });
    service.on<use_cases::get_account>([](const call& call, const auto&) -> result<account> {
        if (call.access_token == "old") return failure(errc::token_expired, "The token has expired.");
        return account{.id = somebody, .status = {}, .email = "a@b.c", .created_at = {}};
    });
    service.on<use_cases::change_password>([] { return grant_for(transport::cookie); });
    service.on<use_cases::get_profile>([](const use_cases::get_profile& asked) -> result<profile_view> {
        const auto version = highest_of(somebody, asked.seen);
        const bool is_of_others =
            version == 0 && std::ranges::any_of(asked.seen, &std::optional<seen_version>::has_value);
        if (is_of_others) return failure(errc::not_found, "There is no profile.");
        return profile_of(std::max<std::uint64_t>(version, 1));
    });
    service.on<use_cases::update_profile>([](const use_cases::update_profile& asked) -> result<profile_view> {
        const auto& versions = asked.condition.if_versions;
        if (versions.empty()) return profile_of(1);
        if (versions.front() == 0) return failure(errc::version_mismatch, "The profile has another version.");
        return profile_of(versions.front());
    });
}

// One gateway for all inputs, as in the program.
struct served {
    served() { script(service); }

    test::scripted_service service;
    metrics figures;
    gateway handler{{.public_url = public_url::parse("http://127.0.0.1:8080")}, service, figures};
};

// A marker that the fuzzer's dictionary puts where secrets go.
constexpr std::string_view secret = "s3cret-marker";

// Only these are made to be repeated: the request's own name.
bool may_repeat(std::string_view header) { return header == "X-Request-Id"; }

bool is_json_object(std::string_view body) {
    boost::json::error_code error;
    const auto value = boost::json::parse(body, error);
    return !error && value.is_object();
}

bool is_web_file(std::string_view body) {
    return std::ranges::any_of(web_files(),
                               [&](const web_file& file) { return body == file.content || body == file.compressed; });
}

// The methods of a path, a redirection, or what the client has already.
bool has_no_body(unsigned status) { return status == 204 || (status >= 300 && status < 400); }

void check_reply(const http::reply& reply) {
    require(reply.status >= 200 && reply.status < 600, "a status is final");
    for (const auto& [name, value] : reply.headers) {
        require(std::ranges::all_of(name, is_token), "a field's name is a token");
        require(std::ranges::none_of(value, is_control), "a field's value ends no line");
        require(may_repeat(name) || !value.contains(secret), "no header repeats a secret");
    }
    require(!reply.body.contains(secret), "no body repeats a secret");
    require(has_no_body(reply.status) ? reply.body.empty() : is_json_object(reply.body) || is_web_file(reply.body),
            "a body is a JSON object or a file of the pages");
}

void check(std::string_view bytes) {
    static served served;
    served.service.calls.clear();
    http::request_reader reader(16 * 1024, 64 * 1024, "192.0.2.1");
    while (!bytes.empty()) {
        const auto room = reader.room();
        const auto size = std::min(room.size(), bytes.size());
        std::ranges::copy(bytes.substr(0, size), room.begin());
        bytes.remove_prefix(size);
        reader.received(size);
        auto parsed = reader.parse();
        for (; parsed == http::request_reader::progress::complete; parsed = reader.parse()) {
            check_reply(userinfo::test::run(served.handler.handle(reader.request())));
            reader.next();
        }
        if (parsed == http::request_reader::progress::rejected) {
            check_reply(served.handler.reject(reader.why(), reader.peer_address()));
            return;
        }
    }
}

}  // namespace
}  // namespace userinfo::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::gateway::check(userinfo::fuzz::input(data, size).rest());
    return 0;
}
