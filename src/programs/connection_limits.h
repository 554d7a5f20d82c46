// The limits of the HTTP listeners, as the settings say.
#pragma once

#include <cstddef>

#include "http/limits.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Of the listener for clients. Without http.connections_per_source, a source has a quarter of what the process can keep
// open, for which it may open `open_files`.
http::limits client_limits(const settings& settings, std::size_t open_files);

// Of the management listener. A few operators and programs use it.
http::limits management_limits(const settings& settings);

}  // namespace userinfo::programs
