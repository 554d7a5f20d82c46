// The named values that a request's body brings, from a form or from JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_object.h"
#include "base/result.h"
#include "http/message.h"

namespace userinfo::gateway {

class fields {
public:
    // errc::invalid_argument about that field: missing (also null), given twice, or not a string.
    result<std::string> required(std::string_view name) const;

    // Nothing if it was not sent; empty for null. errc::invalid_argument about that field: given twice, or not a
    // string.
    result<std::optional<std::string>> optional(std::string_view name) const;

    void add(std::string name, value_kind kind, std::string text = {}) {
        all_.push_back({std::move(name), kind, std::move(text)});
    }

private:
    struct field {
        std::string name;
        value_kind kind;
        std::string text;
    };

    std::vector<field> all_;
};

enum class media_type { none, form, json, other };

// What the body is said to be; parameters such as charset are passed over.
media_type media_type_of(const http::request& request);

// application/x-www-form-urlencoded (WHATWG URL Standard section 5.1). errc::invalid_argument: a broken percent escape,
// more than 100 fields.
result<fields> parse_form(std::string_view body);

// One JSON object (RFC 8259). errc::invalid_argument: not JSON, no object, nested more than 16 deep, more than 100
// members.
result<fields> parse_json(std::string_view body);

}  // namespace userinfo::gateway
