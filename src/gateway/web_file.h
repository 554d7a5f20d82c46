// The files of web/, which are built into the program. tools/embed_pages generates the source.
#pragma once

#include <span>
#include <string_view>

namespace userinfo::gateway {

struct web_file {
    std::string_view path;  // "/styles/tokens.css"
    std::string_view content_type;
    std::string_view tag;  // changes with the content
    std::string_view content;
    std::string_view compressed;  // with gzip
};

std::span<const web_file> web_files();

}  // namespace userinfo::gateway
