#include "gateway/gateway.h"

#include <algorithm>

#include "base/log.h"
#include "base/unicode.h"
#include "gateway/conditional_requests.h"
#include "gateway/error_reply.h"
#include "gateway/negotiation.h"
#include "gateway/preconditions.h"
#include "http/json_reply.h"
#include "http/request_id.h"

namespace userinfo::gateway {

namespace {

using steady = std::chrono::steady_clock;

std::vector<http::route> route_table() {
    std::vector<http::route> routes;
    for (const auto& endpoint : endpoints()) routes.push_back({.method = endpoint.method, .pattern = endpoint.pattern});
    return routes;
}

// How requests are counted: by endpoint, and all pages as one.
std::vector<http::route> counted_routes() {
    auto routes = route_table();
    routes.push_back({.method = http::method::get, .pattern = "pages"});
    return routes;
}

std::size_t route_of_pages() { return endpoints().size(); }
std::size_t no_route() { return endpoints().size() + 1; }

result<fields> read_fields(const http::request& request) {
    if (request.body.empty()) return fields();
    return media_type_of(request) == media_type::json ? parse_json(request.body) : parse_form(request.body);
}

// The reply to a request whose body cannot be read, whatever it is for. Empty: it can.
std::optional<http::reply> refusal_of_body(const http::request& request) {
    if (request.count_headers("Content-Type") > 1) {
        return http::make_envelope(400, envelope_code::malformed_request,
                                   "The request has more than one Content-Type.");
    }
    if (request.body.empty()) return std::nullopt;
    if (is_encoded(request)) {
        auto reply = http::make_envelope(415, envelope_code::unsupported_media_type,
                                         "The body must not have a Content-Encoding.");
        reply.headers.emplace_back("Accept-Encoding", "identity");  // RFC 9110 section 15.5.16
        return reply;
    }
    const auto type = media_type_of(request);
    if (type == media_type::form || type == media_type::json) return std::nullopt;
    return http::make_envelope(415, envelope_code::unsupported_media_type, "The body must be a form or JSON.");
}

http::hsts hsts_of(const gateway_settings& settings) {
    if (!settings.public_url.is_https()) return http::hsts::none;
    return settings.hsts_subdomains ? http::hsts::subdomains : http::hsts::host;
}

template <class Outcome>
bool is_expired(const Outcome& outcome) {
    return !outcome && outcome.error().code == errc::token_expired;
}

// Services disagree about issuer, audience or time: such a setting is being changed on one after the other. The client
// is still logged in.
std::unexpected<error> refused_new_token() {
    return unavailable("The service does not take its own new token yet; try again shortly.", std::chrono::seconds(1));
}

// Parallel requests of a browser have renewed its cookies twice meanwhile: it has a session, and brings newer ones
// next.
std::unexpected<error> overtaken() {
    return unavailable("The cookies are being renewed; try again shortly.", std::chrono::seconds(1));
}

bool has_no_session(const error& error) {
    return error.code == errc::invalid_token || error.code == errc::token_expired;
}

// Whether a token must come from a cookie, unless it comes in the Authorization header.
bool needs_cookie(access access, const fields& fields) {
    const auto in_body = fields.optional("refresh_token");
    const bool comes_in_body = in_body && !in_body->value_or("").empty();
    return access == access::session || (access == access::one_token && !comes_in_body);
}

// The client's trace one step further, or a new one.
trace_context trace_of(const http::request& request) {
    const bool is_one = request.count_headers("traceparent") == 1;
    const auto given = is_one ? trace_context::parse(request.header_value("traceparent")) : std::nullopt;
    return given ? given->next_step() : trace_context::begin();
}

http::reply reply_with(const answer& answer) {
    if (answer.not_modified) return {.status = 304};
    if (answer.document) return http::make_document(*answer.document, "application/json");
    return http::make_envelope(200, envelope_code::success, "Success.", answer.data);
}

}  // namespace

gateway::gateway(const gateway_settings& settings, userinfo_service& service, metrics& metrics)
    : settings_(settings),
      service_(service),
      client_address_(settings.trusted_proxies, settings.proxy_header),
      cookies_(settings.public_url.is_https(), settings.compatible_cookie_names),
      header_lines_(http::header_lines(hsts_of(settings))),
      origin_rule_(settings.public_url.allowed_origins()),
      router_(route_table()),
      pages_(settings.pages ? std::optional<pages>(std::in_place, hsts_of(settings), settings.pages_path)
                            : std::nullopt),
      figures_(metrics, counted_routes()) {}

task<http::reply> gateway::handle(const http::request& request) {
    const auto began = steady::now();
    const auto match = router_.find(request.method, request.path);
    auto call = make_call(request);
    auto page = page_for(request, match);
    auto reply = page ? std::move(*page) : co_await respond(request, match, call);
    if (reply.fixed_lines.empty()) reply.fixed_lines = header_lines_;
    reply.headers.emplace_back("X-Request-Id", call.request_id);
    const auto route = page                                            ? route_of_pages()
                       : match.outcome == http::router::outcome::found ? match.route
                                                                       : no_route();
    record(request, route, call, reply.status, steady::now() - began);
    co_return reply;
}

std::optional<http::reply> gateway::page_for(const http::request& request, const http::router::match& match) const {
    const bool may_be = pages_ && match.outcome == http::router::outcome::not_found;
    return may_be ? pages_->answer(request) : std::nullopt;
}

http::reply gateway::reject(http::rejection why, std::string_view peer_address) {
    auto reply = http::make_rejection_reply(why);
    reply.fixed_lines = header_lines_;
    const call unknown{.request_id = http::request_id_of({}),
                       .deadline = {},
                       .address = std::string(peer_address),
                       .user_agent = {},
                       .access_token = {}};
    reply.headers.emplace_back("X-Request-Id", unknown.request_id);
    record({}, no_route(), unknown, reply.status, {});
    return reply;
}

call gateway::make_call(const http::request& request) const {
    return {.request_id = http::request_id_of(request),
            .deadline = steady::now() + settings_.call_time,
            .address = client_address_.of(request),
            .user_agent = std::string(cut_at_character(request.header_value("User-Agent"), longest_user_agent)),
            .access_token = {},
            .trace = trace_of(request),
            .client_left = request.client_left};
}

task<http::reply> gateway::respond(const http::request& request, const http::router::match& match, call& call) {
    if (match.outcome != http::router::outcome::found) co_return http::make_route_reply(match);
    if (auto refusal = refusal_of_body(request)) co_return std::move(*refusal);
    auto credentials = read_credentials(request, cookies_.names());
    if (!credentials) {
        co_return http::make_envelope(400, envelope_code::malformed_request, credentials.error().message);
    }
    if (credentials->transport == transport::cookie && !origin_rule_.allows(request)) {
        co_return http::make_envelope(403, envelope_code::foreign_origin, "The request comes from another site.");
    }
    const auto& endpoint = endpoints()[match.route];
    auto fields = read_fields(request);
    if (!fields) co_return make_error_reply(fields.error(), endpoint.codes);
    if (!credentials->repeated_cookie.empty() && needs_cookie(endpoint.access, *fields)) {
        co_return http::make_envelope(400, envelope_code::malformed_request,
                                      sent_twice(credentials->repeated_cookie).message);
    }

    call.access_token = credentials->access_token;
    request_context context{.request = request,
                            .parameter = match.parameters[0],
                            .call = call,
                            .credentials = *credentials,
                            .fields = std::move(*fields),
                            .product = settings_.product};
    if (endpoint.access == access::each_token && credentials->transport == transport::cookie) {
        context.all_tokens = read_all_tokens(request, cookies_.names());
    }
    const auto handle = handler_under_conditions(endpoint, request);
    if (!handle) co_return make_error_reply(handle.error(), codes_of_conditions(endpoint));
    auto outcome = co_await perform(endpoint.access, *handle, context);
    const bool was_read = endpoint.method == http::method::get && outcome;
    if (!was_read || !has_preconditions(request)) co_return make_reply(endpoint.codes, context, outcome);
    outcome = shown_under_conditions(request, std::move(*outcome));
    co_return make_reply(codes_of_conditions(endpoint), context, outcome);
}

task<result<answer>> gateway::perform(access access, endpoint_handler handle, request_context& context) {
    const bool takes_session = access == access::session || access == access::visitor;
    const bool renewable = takes_session && !context.credentials.refresh_token.empty();
    auto outcome = co_await perform_in_session(renewable, handle, context);
    if (access != access::visitor || outcome || !has_no_session(outcome.error())) co_return outcome;
    if (outcome.error().reason == superseded_token) co_return overtaken();
    context.call.access_token.clear();
    co_return co_await handle(service_, context);
}

task<result<answer>> gateway::perform_in_session(bool renewable, endpoint_handler handle, request_context& context) {
    if (renewable && context.call.access_token.empty()) {
        const auto renewed = co_await renew(context);
        if (!renewed) co_return std::unexpected(renewed.error());
    }
    auto outcome = co_await handle(service_, context);
    if (!is_expired(outcome) || !renewable) co_return outcome;
    if (context.new_cookies) co_return refused_new_token();

    // A token that has expired changed nothing: the call may be made again.
    const auto renewed = co_await renew(context);
    if (!renewed) co_return std::unexpected(renewed.error());
    outcome = co_await handle(service_, context);
    if (is_expired(outcome)) co_return refused_new_token();
    co_return outcome;
}

task<result<void>> gateway::renew(request_context& context) {
    auto grant = co_await service_.perform(
        context.call, use_cases::refresh{.refresh_token = std::string(context.credentials.refresh_token),
                                         .transport = transport::cookie});
    if (!grant) {
        // A browser that was overtaken by itself has newer cookies already.
        context.clear_cookies = grant.error().code == errc::invalid_token && grant.error().reason != superseded_token;
        co_return std::unexpected(grant.error());
    }
    context.call.access_token = grant->access_token;
    context.call.renewed = true;
    context.new_cookies = std::move(*grant);
    co_return result<void>();
}

http::reply gateway::make_reply(const failure_codes& codes, const request_context& context,
                                const result<answer>& outcome) const {
    auto reply = outcome ? reply_with(*outcome) : make_error_reply(outcome.error(), codes);
    if (outcome) write_versions(reply, *outcome);
    if (outcome && !outcome->device.empty()) reply.headers.emplace_back("Userinfo-Device", outcome->device);
    if (outcome && outcome->kept.count() > 0) {
        reply.fixed_lines = http::cacheable(header_lines_);
        reply.headers.emplace_back("Cache-Control", "public, max-age=" + std::to_string(outcome->kept.count()));
    }
    if (outcome && outcome->for_every_origin) {
        reply.fixed_lines = http::for_every_origin(http::cacheable(header_lines_));
        reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
    }
    write_cookies(reply, context, outcome);
    return reply;
}

void gateway::write_cookies(http::reply& reply, const request_context& context, const result<answer>& outcome) const {
    const bool keeps_cookies = context.credentials.transport == transport::cookie;
    if (context.clear_cookies) {
        if (keeps_cookies) cookies_.clear_all(reply);
        return;
    }
    if (keeps_cookies) {
        if (outcome && outcome->written) cookies_.set_seen_version(reply, to_seen_version(*outcome->written));
        if (context.forget_seen_version) cookies_.clear_seen_version(reply);
    }
    if (context.new_cookies) cookies_.set_tokens(reply, *context.new_cookies);
    if (context.new_cookies && !context.credentials.repeated_cookie.empty()) cookies_.clear_other_names(reply);
}

void gateway::write_versions(http::reply& reply, const answer& answer) {
    if (!answer.tag.empty()) reply.headers.emplace_back("ETag", answer.tag);
    const auto& version = answer.written ? answer.written : answer.shown;
    if (!version) return;
    reply.headers.reserve(2);
    reply.headers.emplace_back("ETag", to_etag(version->version));
    reply.headers.emplace_back("Userinfo-Version", to_seen_version(*version));
}

void gateway::record(const http::request& request, std::size_t route, const call& call, unsigned status,
                     steady::duration took) {
    figures_.record(route, status, took);
    if (!log_enabled(log_level::info)) return;
    log_info(call, "request",
             {{"method", to_string(request.method)},
              {"route", figures_.name(route)},
              {"status", static_cast<std::int64_t>(status)},
              {"us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()},
              {"address", call.address}});
}

}  // namespace userinfo::gateway
