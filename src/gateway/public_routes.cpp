#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "gateway/routes.h"
#include "management/health.h"
#include "openapi.embedded.h"

namespace userinfo::gateway {

namespace {

task<result<answer>> health(userinfo_service&, request_context&) {
    co_return answer{.document = make_liveness_reply().body};
}

// Strong, and the same from every gateway.
std::string tag_of_document(std::string_view document) { return '"' + to_base64url(sha256(document)) + '"'; }

// Public keys are for everybody, also for pages of other sites that verify tokens.
task<result<answer>> public_keys(userinfo_service& service, request_context& context) {
    auto keys = co_await service.perform(context.call, use_cases::get_public_keys());
    if (!keys) co_return std::unexpected(keys.error());
    auto tag = tag_of_document(*keys);
    co_return answer{
        .document = std::move(*keys), .kept = key_set_kept, .tag = std::move(tag), .for_every_origin = true};
}

task<result<answer>> api_description(userinfo_service&, request_context&) {
    co_return answer{.document = std::string(embedded::openapi)};
}

// How long pages may go on with what they know after a restart with other settings.
constexpr std::chrono::minutes page_settings_kept{1};

task<result<answer>> get_page_settings(userinfo_service& service, request_context& context) {
    const auto settings = co_await service.perform(context.call, use_cases::get_page_settings());
    if (!settings) co_return std::unexpected(settings.error());
    answer shown{.kept = page_settings_kept};
    shown.data.clear();
    json_writer json(shown.data);
    json.begin_object();
    json.name("password").begin_object();
    json.member("shortest", settings->shortest_password);
    json.member("shortest_at_registration", settings->shortest_first_password);
    json.member("longest", settings->longest_password).end_object();
    json.name("username").begin_object().member("longest", settings->longest_username).end_object();
    json.name("birthday").begin_object().member("earliest", to_string(settings->earliest_birthday)).end_object();
    json.end_object();
    co_return shown;
}

void write_text_or_null(json_writer& json, std::string_view text) {
    if (text.empty()) {
        json.null();
    } else {
        json.value(text);
    }
}

void write_product(json_writer& json, const product& product) {
    json.begin_object().name("name");
    write_text_or_null(json, product.name);
    json.name("home");
    write_text_or_null(json, product.home);
    json.name("return_to").begin_array();
    for (const auto& origin : product.return_to) json.value(origin);
    json.end_array().end_object();
}

// What the pages ask once, when they are loaded. Whoever is not logged in is no error: a browser would report one.
task<result<answer>> start_pages(userinfo_service& service, request_context& context) {
    std::optional<account> who;
    if (!context.call.access_token.empty()) {
        auto found = co_await service.perform(context.call, use_cases::get_account());
        if (!found) co_return std::unexpected(found.error());
        who = std::move(*found);
    }
    answer shown;
    shown.data.clear();
    json_writer json(shown.data);
    json.begin_object().name("account_id");
    write_text_or_null(json, who ? who->id.to_string() : "");
    json.name("product");
    write_product(json, context.product);
    json.end_object();
    co_return shown;
}

using http::method;

constexpr std::array table{
    endpoint{method::get, "/healthz", access::anyone, public_codes, health},
    endpoint{method::get, "/.well-known/jwks.json", access::anyone, public_codes, public_keys},
    endpoint{method::get, "/api/pages/settings", access::anyone, public_codes, get_page_settings},
    endpoint{method::get, "/api/pages/start", access::visitor, public_codes, start_pages},
    endpoint{method::get, "/api/openapi.json", access::anyone, public_codes, api_description},
};

}  // namespace

std::span<const endpoint> public_routes() { return table; }

}  // namespace userinfo::gateway
