// The named values in the body of a request, which is a form or JSON. Any of them may be a password: all are wiped.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_object.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "http/message.h"

namespace userinfo::gateway {

class fields {
public:
    // errc::invalid_argument about that field: missing, null, sent twice, or not a string. An empty text is one: the
    // rules of the field say whether it will do.
    result<std::string> required(std::string_view name) const;

    // The same, for a password. It is a copy, because a handler reads its fields again if the tokens are renewed.
    result<secret_string> secret(std::string_view name) const;

    // Empty optional: not sent. Empty string: null. errc::invalid_argument about that field: sent twice, or not a
    // string.
    result<std::optional<std::string>> optional(std::string_view name) const;

    void add(std::string name, value_kind kind, secret_string text = {}) {
        all_.push_back({std::move(name), kind, std::move(text)});
    }

private:
    struct field {
        std::string name;
        value_kind kind;
        secret_string text;
    };

    // Null if it was not sent.
    result<const field*> find(std::string_view name) const;
    result<const field*> find_required(std::string_view name) const;

    std::vector<field> all_;
};

enum class media_type { none, form, json, other };

// The declared type of the body, without parameters such as charset.
media_type media_type_of(const http::request& request);

// application/x-www-form-urlencoded (WHATWG URL Standard section 5.1). errc::invalid_argument: a broken percent escape,
// more than 100 fields.
result<fields> parse_form(std::string_view body);

// One JSON object (RFC 8259). errc::invalid_argument: not JSON, no object, nested more than 16 deep, more than 100
// members.
result<fields> parse_json(std::string_view body);

}  // namespace userinfo::gateway
