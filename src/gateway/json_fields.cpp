// A JSON body is read event by event, not into a document: a document would hide that a member is there twice.
#include <boost/json/basic_parser_impl.hpp>

#include "gateway/fields.h"

namespace userinfo::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t most_members = 100;
constexpr std::size_t deepest = 16;

// Boost.JSON's handler: takes the members of the outermost object, and notes that others are nested.
class member_collector {
public:
    static constexpr std::size_t max_object_size = most_members;
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    fields take() { return std::move(found_); }
    bool was_object() const { return was_object_; }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        if (depth_ == 0) was_object_ = true;
        return enter();
    }
    bool on_object_end(std::size_t, json::error_code&) { return leave(); }
    bool on_array_begin(json::error_code&) { return enter(); }
    bool on_array_end(std::size_t, json::error_code&) { return leave(); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(key_, part); }
    bool on_key(json::string_view part, std::size_t, json::error_code&) { return append(key_, part); }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(text_, part); }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        append(text_, part);
        return end_value(fields::kind::text);
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return end_value(fields::kind::other); }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return end_value(fields::kind::other); }
    bool on_double(double, json::string_view, json::error_code&) { return end_value(fields::kind::other); }
    bool on_bool(bool, json::error_code&) { return end_value(fields::kind::other); }
    bool on_null(json::error_code&) { return end_value(fields::kind::null); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    bool append(std::string& to, json::string_view part) {
        if (depth_ == 1) to.append(part.data(), part.size());
        return true;
    }

    bool enter() {
        ++depth_;
        return true;
    }

    bool leave() {
        --depth_;
        return end_value(fields::kind::other);
    }

    // A value ended; at depth 1 it belongs to a member of the outermost object.
    bool end_value(fields::kind kind) {
        if (depth_ != 1) return true;
        found_.add(std::move(key_), kind, kind == fields::kind::text ? std::move(text_) : std::string());
        key_.clear();
        text_.clear();
        return true;
    }

    fields found_;
    std::string key_, text_;
    std::size_t depth_ = 0;
    bool was_object_ = false;
};

}  // namespace

result<fields> parse_json(std::string_view body) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<member_collector> parser(options);
    json::error_code error;
    const auto parsed = parser.write_some(false, body.data(), body.size(), error);
    if (error || parsed != body.size()) return failure(errc::invalid_argument, "The body is not valid JSON.");
    if (!parser.handler().was_object()) return failure(errc::invalid_argument, "The body must be a JSON object.");
    return parser.handler().take();
}

}  // namespace userinfo::gateway
