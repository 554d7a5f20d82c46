#include <array>

#include "gateway/endpoint.h"
#include "gateway/error_reply.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

using http::method;

// The first four codes of each range are the reference system's: clients know them.
constexpr failure_codes register_codes{200003, 200001, 200002, 200002};
constexpr failure_codes log_in_codes{200006, 200005, 200005, 200005};
constexpr failure_codes account_codes{envelope_code::account_bad_request, envelope_code::account_bad_request,
                                      envelope_code::no_such_session, envelope_code::account_failed};
constexpr failure_codes get_profile_codes{100001, 100001, 100001, 100001};
constexpr failure_codes update_profile_codes{100002, 100002, 100002, 100002};
constexpr failure_codes delete_profile_codes{100003, 100003, 100003, 100003};
constexpr failure_codes create_profile_codes{100004, 100004, 100004, 100004};
constexpr failure_codes public_codes{envelope_code::malformed_request, envelope_code::malformed_request,
                                     envelope_code::no_such_path, envelope_code::internal};

constexpr std::array table{
    endpoint{method::post, "/api/account/register", access::open, register_codes, &routes::register_account},
    endpoint{method::post, "/api/account/login", access::open, log_in_codes, &routes::log_in},
    endpoint{method::post, "/api/account/logout", access::open, account_codes, &routes::log_out},
    endpoint{method::post, "/api/account/refresh", access::open, account_codes, &routes::refresh},
    endpoint{method::get, "/api/account", access::user, account_codes, &routes::get_account},
    endpoint{method::delete_, "/api/account", access::user, account_codes, &routes::delete_account},
    endpoint{method::post, "/api/account/password", access::user, account_codes, &routes::change_password},
    endpoint{method::post, "/api/account/reauthenticate", access::user, account_codes, &routes::reauthenticate},
    endpoint{method::get, "/api/account/sessions", access::user, account_codes, &routes::list_sessions},
    endpoint{method::delete_, "/api/account/sessions", access::user, account_codes, &routes::end_other_sessions},
    endpoint{method::delete_, "/api/account/sessions/{id}", access::user, account_codes, &routes::end_session},
    endpoint{method::get, "/api/user/profile", access::user, get_profile_codes, &routes::get_profile},
    endpoint{method::post, "/api/user/profile", access::user, create_profile_codes, &routes::create_profile},
    endpoint{method::put, "/api/user/profile", access::user, update_profile_codes, &routes::update_profile},
    endpoint{method::delete_, "/api/user/profile", access::user, delete_profile_codes, &routes::delete_profile},
    endpoint{method::get, "/healthz", access::open, public_codes, &routes::health},
    endpoint{method::get, "/.well-known/jwks.json", access::open, public_codes, &routes::public_keys},
    endpoint{method::get, "/api/openapi.json", access::open, public_codes, &routes::api_description},
};

}  // namespace

std::span<const endpoint> endpoints() { return table; }

}  // namespace userinfo::gateway
