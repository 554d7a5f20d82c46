// The HTTP side of userinfo. Finds the endpoint, checks what it can without the service, renews tokens, and writes the
// reply, the access log and the metrics.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "gateway/client_address.h"
#include "gateway/cookies.h"
#include "gateway/endpoint.h"
#include "gateway/origin_rule.h"
#include "gateway/pages.h"
#include "gateway/product.h"
#include "gateway/public_url.h"
#include "gateway/request_figures.h"
#include "http/handler.h"
#include "http/router.h"
#include "service/userinfo_service.h"

namespace userinfo::gateway {

struct gateway_settings {
    gateway::public_url public_url;
    bool compatible_cookie_names = false;
    std::vector<std::string> trusted_proxies = {};
    forwarded_header proxy_header = forwarded_header::x_forwarded_for;  // which header of theirs is believed
    bool hsts_subdomains = false;  // with https: browsers use it for all subdomains, too
    bool pages = true;             // whether to serve the web pages
    std::string pages_path = {};   // as parse_pages_path returns it
    gateway::product product = {};
    std::chrono::milliseconds call_time{10'000};  // the deadline of a call, from its arrival
};

// Thread-safe.
class gateway final : public http::handler {
public:
    // `service` and `metrics` must outlive it. Throws std::invalid_argument for invalid settings.
    gateway(const gateway_settings& settings, userinfo_service& service, metrics& metrics);

    task<http::reply> handle(const http::request& request) override;
    http::reply reject(http::rejection why, std::string_view peer_address) override;

private:
    call make_call(const http::request& request) const;
    task<http::reply> respond(const http::request& request, const http::router::match& match, call& call);
    std::optional<http::reply> page_for(const http::request& request, const http::router::match& match) const;
    task<result<answer>> perform(access access, endpoint_handler handle, request_context& context);
    task<result<answer>> perform_in_session(bool renewable, endpoint_handler handle, request_context& context);
    task<result<void>> renew(request_context& context);
    http::reply make_reply(const failure_codes& codes, const request_context& context,
                           const result<answer>& outcome) const;
    void write_cookies(http::reply& reply, const request_context& context, const result<answer>& outcome) const;
    static void write_versions(http::reply& reply, const answer& answer);
    void record(const http::request& request, std::size_t route, const call& call, unsigned status,
                std::chrono::steady_clock::duration took);

    const gateway_settings settings_;
    userinfo_service& service_;
    const client_address client_address_;
    const cookies cookies_;
    const std::string_view header_lines_;
    const origin_rule origin_rule_;
    const http::router router_;
    const std::optional<pages> pages_;
    request_figures figures_;
};

}  // namespace userinfo::gateway
