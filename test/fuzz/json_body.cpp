// JSON bodies, beside the same library's document parser: both see the same members, and ours also those that are
// twice.
#include <set>
#include <string>

#include <boost/json.hpp>

#include "fuzz/input.h"
#include "gateway/fields.h"

namespace userinfo::gateway {
namespace {

namespace json = boost::json;
using fuzz::require;

bool is_small(const json::value& value) {
    if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_small);
    const auto* object = value.if_object();
    return object == nullptr || (object->size() <= 100 && std::ranges::all_of(*object, [](const auto& member) {
                                     return is_small(member.value());
                                 }));
}

void check_member(const fields& found, const json::key_value_pair& member) {
    const auto value = found.optional(std::string_view(member.key()));
    if (!value && value.error().reason == "duplicate") return;
    if (const auto* text = member.value().if_string()) {
        require(value && *value && **value == std::string_view(*text), "a string is the document's");
    } else if (member.value().is_null()) {
        require(value && *value && (*value)->empty(), "null is empty");
    } else {
        require(!value && value.error().reason == "wrong_type", "what is no string is refused");
    }
}

void check_body(std::string_view body) {
    json::parse_options options;
    options.max_depth = 16;
    json::error_code error;
    const auto document = json::parse(body, error, {}, options);
    const auto found = parse_json(body);
    if (!found) {
        require(found.error().code == errc::invalid_argument, "a body fails as an invalid argument");
        // A document keeps the last of two equal members, so it may look smaller than it is.
        const bool may_have_too_many = std::ranges::count(body, ',') >= 100;
        require(error || !document.is_object() || !is_small(document) || may_have_too_many,
                "a right object is not refused");
        return;
    }
    require(!error && document.is_object(), "what is accepted is a JSON object");
    for (const auto& member : document.get_object()) check_member(*found, member);
    for (const char* name : {"email", "password", "username"}) {
        if (document.get_object().contains(name)) continue;
        const auto absent = found->optional(name);
        require(absent && !*absent, "there is no field that was not sent");
    }
}

}  // namespace
}  // namespace userinfo::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::gateway::check_body(userinfo::fuzz::input(data, size).rest());
    return 0;
}
