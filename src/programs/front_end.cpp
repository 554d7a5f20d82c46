#include "programs/front_end.h"

#include <utility>

#include "base/log.h"
#include "programs/connection_limits.h"
#include "programs/descriptor_limit.h"
#include "programs/program_figures.h"
#include "programs/serving.h"
#include "programs/tls_settings.h"

namespace userinfo::programs {

namespace {

gateway::gateway_settings gateway_settings_of(const settings& settings, const std::string& public_url) {
    return {.public_url = gateway::public_url::parse(public_url),
            .compatible_cookie_names = settings.cookies.compatible_names,
            .trusted_proxies = settings.http.trusted_proxies,
            .proxy_header = settings.http.forwarded_header,
            .hsts_subdomains = settings.http.hsts_subdomains,
            .pages = settings.http.pages,
            .pages_path = settings.pages.path,
            .product = settings.pages.product};
}

std::string front_url(const settings& settings, const net::address& front) {
    if (front.is_unix()) return front.to_string();
    return (settings.tls.is_on() ? "https://" : "http://") + front.to_string();
}

}  // namespace

bound_sockets bind_all(const settings& settings, net::inherited_sockets& inherited) {
    require_only(inherited, {settings.listen, settings.management.listen});
    return {.front = bind("listen", settings.listen, inherited),
            .back = bind("management.listen", settings.management.listen, inherited)};
}

std::string public_url_of(const settings& settings, const net::address& front) {
    return settings.public_url.empty() ? front_url(settings, front) : settings.public_url;
}

std::unique_ptr<net::tls_certificate> load_certificate(const settings& settings) {
    if (!settings.tls.is_on()) return nullptr;
    const net::tls_certificate::files files{.certificate = settings.tls.certificate, .key = settings.tls.key};
    return load_tls_files("tls", files, net::tls_certificate::side::server, "http/1.1");
}

front_end::front_end(const settings& settings, bound_sockets sockets, const net::tls_certificate* certificate,
                     userinfo_service& userinfo, metrics& metrics, net::io_threads& threads,
                     std::function<bool()> can_serve)
    : settings_(settings),
      metrics_(metrics),
      certificate_(certificate),
      threads_(threads),
      sockets_(std::move(sockets)),
      public_url_(public_url_of(settings, sockets_.front.local_address())),
      gateway_(gateway_settings_of(settings, public_url_), userinfo, metrics),
      management_(metrics, std::move(can_serve)),
      refused_clients_(metrics, "public", {net::refusal::full, net::refusal::source}),
      refused_operators_(metrics, "management", {net::refusal::full, net::refusal::source}) {
    show_program(metrics);
}

void front_end::open() {
    back_.emplace(threads_, std::move(sockets_.back), management_, management_limits(settings_), refused_operators_);
    front_.emplace(threads_, std::move(sockets_.front), gateway_, client_limits(settings_, raise_descriptor_limit()),
                   refused_clients_, ip_networks(settings_.http.trusted_proxies), certificate_);
    show_connections(metrics_, "management", [this] { return back_->open_connections(); });
    show_connections(metrics_, "public", [this] { return front_->open_connections(); });
    management_.set_accepting(true);
    const auto where = front_url(settings_, front_->local_address());
    announce_ready(where);
    log_info("started", {{"listen", where},
                         {"public_url", public_url_},
                         {"management", "http://" + back_->local_address().to_string()}});
}

std::size_t front_end::close() {
    management_.set_accepting(false);
    const auto cut_off = front_->drain(settings_.shutdown_time);
    back_->drain(std::chrono::seconds(0));
    return cut_off;
}

}  // namespace userinfo::programs
