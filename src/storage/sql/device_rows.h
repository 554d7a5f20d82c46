// Queries on the table device that several stores share, for use inside their transactions.
//
// The account's row is the lock of all its devices: a transaction that writes them holds that row until it commits,
// through lock_account. Only a purge does without the lock: it deletes devices that were unused for long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "device/device.h"
#include "device/device_rules.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

// From the columns public_id, generation, name, created_at, last_used_at, of which `first` is the first.
device to_device(const row& row, std::size_t first);

// Returns the account's devices, the latest used first.
std::vector<device> load_devices(connection& db, std::int64_t account);

// Writes what a log-in does to the account's devices.
void write_device_change(connection& db, std::int64_t account, const device_change& change);

// Returns whether the account had it.
bool delete_device(connection& db, std::int64_t account, const uuid& id);

}  // namespace userinfo::sql
