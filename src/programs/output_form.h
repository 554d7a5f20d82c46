// How verbs print what they have found.
#pragma once

namespace userinfo::programs {

enum class output_form {
    text,  // for people; it may change
    json,  // for programs: one JSON object a line, with the names of the HTTP API, times as RFC 3339 has them
};

}  // namespace userinfo::programs
