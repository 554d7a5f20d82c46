// The web pages: one application, whose frame (index.html) stands at each of its addresses, and the files that it
// loads.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/web_file.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::gateway {

// Where pages stand; web/router.js and deploy/nginx have the same list.
std::span<const std::string_view> page_paths();

// Thread-safe. No I/O.
class pages {
public:
    // `by_https`: how clients come.
    explicit pages(bool by_https);

    // Nothing: the path is no page's, and the client is no browser that would show one. Otherwise a file; 304 for what
    // the client has (RFC 9110 section 13.1.2); 405; the way to the page for changing the password
    // (https://www.w3.org/TR/change-password-url/); or 404 with the frame, which says it.
    std::optional<http::reply> answer(const http::request& request) const;

private:
    http::reply send(const http::request& request, const web_file& file, unsigned status) const;

    const std::string_view document_lines_;
    const std::string_view part_lines_;  // of what a document loads
    const web_file* frame_ = nullptr;
    std::vector<const web_file*> files_;  // as the router's table
    const http::router router_;
};

}  // namespace userinfo::gateway
