// The web pages: one application. Each of its addresses serves its frame (index.html); the frame loads the other files.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/web_file.h"
#include "http/hsts.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::gateway {

// The addresses of the pages. web/router.js and deploy/nginx have the same list.
std::span<const std::string_view> page_paths();

// Thread-safe. Does no I/O.
class pages {
public:
    explicit pages(http::hsts asked);

    // Empty: no page has the path, and the client is not a browser. Otherwise a file, 304 if the client has it cached,
    // 412 if it asked for another version (RFC 9110 section 13), 405, 204 with the methods, the redirection to the page
    // for changing the password (https://www.w3.org/TR/change-password-url/), or 404 with the frame, which says so.
    std::optional<http::reply> answer(const http::request& request) const;

private:
    http::reply without_file(http::reply reply) const;
    http::reply send(const http::request& request, const web_file& file, unsigned status) const;

    const std::string_view document_lines_;
    const std::string_view part_lines_;  // of files that a document loads
    const web_file* frame_ = nullptr;
    std::vector<const web_file*> files_;  // in the order of the router's table
    const http::router router_;
};

}  // namespace userinfo::gateway
