#include "gateway/pages.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/join_literals.h"
#include "base/unmet_condition.h"
#include "gateway/negotiation.h"
#include "gateway/preconditions.h"
#include "gateway/routes.h"
#include "http/json_reply.h"

namespace userinfo::gateway {

namespace {

constexpr std::array<std::string_view, 6> paths{"/", "/register", "/login", "/profile", "/security", "/delete-account"};

constexpr std::string_view frame_path = "/index.html";
constexpr std::string_view change_password = "/.well-known/change-password";
constexpr std::string_view change_password_page = "/security";  // below the path of the pages

// What the API and others have there would hide the pages.
constexpr std::array<std::string_view, 3> taken{"api", ".well-known", "healthz"};

constexpr std::size_t longest_path = 100;

// Browsers may keep what they get, and ask each time whether it is still the same. What they show as a document loads
// scripts, styles and pictures of this host alone, writes nothing into itself as HTML and cannot be put into a frame.
constexpr char common_lines[] =
    "Cache-Control: no-cache\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
    "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "X-Frame-Options: DENY\r\n";

// What is asked of browsers comes first, because all files have it.
constexpr auto lines_for_host = join(http::hsts_for_host, common_lines);
constexpr auto lines_for_subdomains = join(http::hsts_for_subdomains, common_lines);

std::string_view lines_of_documents(http::hsts asked) {
    switch (asked) {
        case http::hsts::none: return common_lines;
        case http::hsts::host: return lines_for_host.data();
        case http::hsts::subdomains: return lines_for_subdomains.data();
    }
    std::unreachable();
}

// What is only loaded by a document needs no more; the rest would double the size of a small file.
constexpr std::string_view for_parts(std::string_view lines) {
    return lines.substr(0, lines.find("Content-Security-Policy"));
}

bool is_part(const web_file& file) {
    return file.content_type.starts_with("text/css") || file.content_type.starts_with("text/javascript");
}

// The frame has the pages' addresses, not one of its own.
std::vector<const web_file*> files_by_path() {
    std::vector<const web_file*> files;
    for (const auto& file : web_files()) {
        if (file.path != frame_path) files.push_back(&file);
    }
    return files;
}

std::vector<std::string> addresses_of(std::span<const web_file* const> files, const std::string& below) {
    std::vector<std::string> addresses;
    for (const auto* const file : files) addresses.push_back(below + std::string(file->path));
    addresses.emplace_back(change_password);
    for (const auto path : paths) addresses.push_back(below + std::string(path));
    if (!below.empty()) addresses.push_back(below);  // as people type it
    return addresses;
}

std::vector<http::route> routes_of(std::span<const std::string> addresses) {
    std::vector<http::route> routes;
    for (const auto& address : addresses) routes.push_back({.method = http::method::get, .pattern = address});
    return routes;
}

const web_file& shipped_frame() { return *std::ranges::find(web_files(), frame_path, &web_file::path); }

// The frame names files from the root, because it stands at addresses of any depth when there is no page.
std::string frame_below(std::string_view below) {
    constexpr std::string_view root = "=\"/";
    std::string content;
    for (auto rest = shipped_frame().content; !rest.empty();) {
        const auto at = rest.find(root);
        content += rest.substr(0, at);
        if (at == rest.npos) break;
        content.append("=\"").append(below).append("/");
        rest.remove_prefix(at + root.size());
    }
    return content;
}

// `content` and `tag` must outlive it.
web_file make_frame(std::string_view below, std::string_view content, std::string_view tag) {
    auto frame = shipped_frame();
    if (below.empty()) return frame;
    frame.tag = tag;
    frame.content = frame.compressed = content;
    return frame;
}

// What a program asks for gets the API's answer.
bool is_for_programs(std::string_view path) { return path.starts_with("/api/") || path.starts_with("/.well-known/"); }

bool wants_a_page(const http::request& request) {
    const bool reads = request.method == http::method::get || request.method == http::method::head;
    return reads && !is_for_programs(request.path) && asks_for_html(request);
}

// Conditions that cannot be read count as none: a page that is shown harms nobody.
verdict verdict_on(const http::request& request, std::string_view etag) {
    const auto conditions = read_preconditions(request);
    return conditions ? judge(*conditions, etag) : verdict::met;
}

}  // namespace

std::span<const std::string_view> page_paths() { return paths; }

std::string parse_pages_path(std::string_view text) {
    if (text == "/") return "";
    const auto refuse = [&](const char* why) { throw std::invalid_argument("'" + std::string(text) + "' " + why); };
    if (!text.starts_with('/') || text.size() > longest_path) refuse("is not a path such as /account");
    for (const auto part : std::views::split(text.substr(1), '/')) {
        const std::string_view segment(part);
        const bool is_plain = std::ranges::all_of(
            segment, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
        if (segment.empty() || !is_plain) {
            refuse(
                "is not a path such as /account, of lower-case letters, digits, - and _, without a slash at its end");
        }
    }
    const auto first = text.substr(1, text.find('/', 1) - 1);
    if (std::ranges::find(taken, first) != taken.end()) refuse("is taken by the API");
    return std::string(text);
}

pages::pages(http::hsts asked, std::string_view below)
    : document_lines_(lines_of_documents(asked)),
      part_lines_(for_parts(document_lines_)),
      below_(below),
      change_password_page_(below_ + std::string(change_password_page)),
      frame_content_(frame_below(below)),
      frame_tag_(std::string(shipped_frame().tag) + below_),
      frame_(make_frame(below, frame_content_, frame_tag_)),
      files_(files_by_path()),
      addresses_(addresses_of(files_, below_)),
      router_(routes_of(addresses_)) {}

std::optional<http::reply> pages::answer(const http::request& request) const {
    const auto match = router_.find(request.method, request.path);
    if (match.outcome == http::router::outcome::not_found) {
        const bool is_astray = is_below(request.path) && wants_a_page(request);
        return is_astray ? std::optional(send(request, frame_, 404)) : std::nullopt;
    }
    if (match.outcome != http::router::outcome::found) return without_file(http::make_route_reply(match));
    if (match.route < files_.size()) return send(request, *files_[match.route], 200);
    if (match.route > files_.size()) return send(request, frame_, 200);
    return http::reply{.status = 302, .fixed_lines = document_lines_, .headers = {{"Location", change_password_page_}}};
}

// Whether nobody else has that path: the product may have all others.
bool pages::is_below(std::string_view path) const {
    return path.starts_with(below_) && (path.size() == below_.size() || path[below_.size()] == '/');
}

http::reply pages::without_file(http::reply reply) const {
    reply.fixed_lines = document_lines_;
    return reply;
}

http::reply pages::send(const http::request& request, const web_file& file, unsigned status) const {
    const bool compressed = accepts_gzip(request) && file.compressed.size() < file.content.size();
    http::reply reply{.status = status,
                      .content_type = file.content_type,
                      .fixed_lines = is_part(file) ? part_lines_ : document_lines_};
    reply.headers.emplace_back("Vary", status == 200 ? "Accept-Encoding" : "Accept, Accept-Encoding");
    if (status == 200) {
        auto etag = '"' + std::string(file.tag) + (compressed ? "-gzip\"" : "\"");
        switch (verdict_on(request, etag)) {
            case verdict::met: break;
            case verdict::other_version: return without_file(make_error_reply(unmet_condition(), public_codes));
            case verdict::same_version: reply.status = 304; break;
        }
        reply.headers.emplace_back("ETag", std::move(etag));
    }
    if (reply.status == 304) return reply;
    if (compressed) reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = compressed ? file.compressed : file.content;
    return reply;
}

}  // namespace userinfo::gateway
