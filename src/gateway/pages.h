// The web pages: one application. Each of its addresses serves its frame (index.html); the frame loads the other files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/web_file.h"
#include "http/hsts.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::gateway {

// The addresses of the pages, below the path of all of them. web/router.js and deploy/nginx have the same list.
std::span<const std::string_view> page_paths();

// Returns the path below which the pages are, such as "/account"; "" for "/". Throws std::invalid_argument, with a
// message for the operator, if it is none that they can have to themselves.
std::string parse_pages_path(std::string_view text);

// Thread-safe. Does no I/O.
class pages {
public:
    // `below`: as parse_pages_path returns it.
    explicit pages(http::hsts asked, std::string_view below = "");

    pages(const pages&) = delete;
    pages& operator=(const pages&) = delete;

    // Empty: no page has the path, and the client is not a browser. Otherwise a file, 304 if the client has it cached,
    // 412 if it asked for another version (RFC 9110 section 13), 405, 204 with the methods, the redirection to the page
    // for changing the password (https://www.w3.org/TR/change-password-url/), or 404 with the frame, which says so.
    std::optional<http::reply> answer(const http::request& request) const;

private:
    bool is_below(std::string_view path) const;
    http::reply without_file(http::reply reply) const;
    http::reply send(const http::request& request, const web_file& file, unsigned status) const;

    const std::string_view document_lines_;
    const std::string_view part_lines_;  // of files that a document loads
    const std::string below_;
    const std::string change_password_page_;
    const std::string frame_content_, frame_tag_;
    const web_file frame_;                      // names the files where they are
    const std::vector<const web_file*> files_;  // in the order of the router's table
    const std::vector<std::string> addresses_;  // of all of these, of the redirection and of the pages
    const http::router router_;
};

}  // namespace userinfo::gateway
