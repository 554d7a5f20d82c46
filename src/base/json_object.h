// Reads the members of a JSON object one event at a time. A parsed document would hide duplicate members and keep
// copies of texts that may be secret.
#pragma once

#include <functional>
#include <string_view>

namespace userinfo {

enum class value_kind { text, null, other };

struct json_outcome {
    bool is_valid = false;        // JSON (RFC 8259), nested at most 16 deep, at most 100 members in an object
    bool is_object = false;       // the outermost value is an object
    bool repeats_a_name = false;  // an object, the outermost or a nested one, has two members of one name
};

// Called for each member of the outermost object, in document order. `text` is empty unless the kind is `text`. Both
// are decoded, and valid only during the call: the memory of `text` is wiped.
using take_member = std::function<void(std::string_view name, value_kind kind, std::string_view text)>;

// `take` may be called before the document proves invalid.
json_outcome read_json_object(std::string_view json, const take_member& take);

}  // namespace userinfo
