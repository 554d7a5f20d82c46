#include "base/json_object.h"

#include <set>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "base/secret_string.h"
#include "base/wipe.h"

namespace userinfo {

namespace json = boost::json;

namespace {

constexpr std::size_t most_members = 100;
constexpr std::size_t deepest = 16;

// The handler for Boost.JSON's parser.
class member_reader {
public:
    static constexpr std::size_t max_object_size = most_members;
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    member_reader(const take_member& take, std::size_t document_size) : take_(take) { text_.reserve(document_size); }

    bool was_object() const { return was_object_; }
    bool has_repeated_name() const { return has_repeated_name_; }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        if (depth_ == 0) was_object_ = true;
        names_.emplace_back();
        return enter();
    }
    bool on_object_end(std::size_t, json::error_code&) {
        names_.pop_back();
        return leave();
    }
    bool on_array_begin(json::error_code&) { return enter(); }
    bool on_array_end(std::size_t, json::error_code&) { return leave(); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        key_.append(part.data(), part.size());
        const auto [known, is_new] = names_.back().insert(std::move(key_));
        if (!is_new) has_repeated_name_ = true;
        if (depth_ == 1) name_ = *known;
        key_.clear();
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        append(part);
        return end_value(value_kind::text);
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return end_value(value_kind::other); }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return end_value(value_kind::other); }
    bool on_double(double, json::string_view, json::error_code&) { return end_value(value_kind::other); }
    bool on_bool(bool, json::error_code&) { return end_value(value_kind::other); }
    bool on_null(json::error_code&) { return end_value(value_kind::null); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    bool append(json::string_view part) {
        if (depth_ == 1) text_.append({part.data(), part.size()});
        return true;
    }

    bool enter() {
        ++depth_;
        return true;
    }

    bool leave() {
        --depth_;
        return end_value(value_kind::other);
    }

    // A value ended; at depth 1 it belongs to a member of the outermost object.
    bool end_value(value_kind kind) {
        if (depth_ != 1) return true;
        take_(name_, kind, text_.view());
        text_.clear();
        return true;
    }

    const take_member& take_;
    std::vector<std::set<std::string>> names_;  // in each open object
    std::string key_;
    secret_string text_;
    std::string_view name_;  // of the outermost object's last member, in `names_`
    std::size_t depth_ = 0;
    bool was_object_ = false;
    bool has_repeated_name_ = false;
};

}  // namespace

json_outcome read_json_object(std::string_view json, const take_member& take) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<member_reader> parser(options, take, json.size());
    json::error_code error;
    const auto parsed = parser.write_some(false, json.data(), json.size(), error);
    wipe_stack();  // where Boost.JSON takes escapes out of a text
    const auto& read = parser.handler();
    return {.is_valid = !error && parsed == json.size(),
            .is_object = read.was_object(),
            .repeats_a_name = read.has_repeated_name()};
}

}  // namespace userinfo
