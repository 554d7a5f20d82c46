// How the tokens of a session reach its client.
#pragma once

namespace userinfo {

// Fixed at log-in: a cookie session never gets tokens in a body, a bearer session never gets cookies. The values are
// stored in the database.
enum class transport { cookie = 1, bearer = 2 };

}  // namespace userinfo
