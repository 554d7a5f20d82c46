// What replies over https ask of browsers: to come by https only, for a year (RFC 6797).
#pragma once

namespace userinfo::http {

enum class hsts {
    none,        // nothing; for plain http
    host,        // with this host
    subdomains,  // with all of its subdomains, too
};

// The header lines that ask for it.
inline constexpr char hsts_for_host[] = "Strict-Transport-Security: max-age=31536000\r\n";
inline constexpr char hsts_for_subdomains[] = "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

}  // namespace userinfo::http
