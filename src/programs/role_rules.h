// What a role needs of the settings, beyond what each setting and their combinations allow.
#pragma once

#include "programs/master_key_file.h"
#include "programs/service_discovery.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

// Throw config_error.

inline void check_standalone_settings(const settings& settings) {
    if (settings.mariadb.is_on()) throw config_error("mariadb.hosts: `standalone` keeps its data in data_dir");
    require_place_for_master_keys(settings);
}

inline void check_service_settings(const settings& settings) {
    if (settings.public_url.empty())
        throw config_error("public_url: a service must know how clients find its gateways");
    require_announceable(settings);
    require_place_for_master_keys(settings);
}

}  // namespace userinfo::programs
