// Loads the PEM files that settings name. Errors name the setting, the file and the reason.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

// `section` is the beginning of the settings' names: "tls", "rpc". Throws config_error if a file cannot be used.
std::unique_ptr<net::tls_certificate> load_tls_files(std::string_view section, const net::tls_certificate::files& files,
                                                     net::tls_certificate::side side, const std::string& protocol);

// The file of `mariadb.authority`, or empty. Throws config_error if the file cannot be used: libmariadb says so only
// when it connects, and then not why.
std::string mariadb_authority(const settings& settings);

}  // namespace userinfo::programs
