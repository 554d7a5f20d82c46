#include "storage/sql/device_rows.h"

namespace userinfo::sql {

device to_device(const row& row, std::size_t first) {
    return {.id = row.id(first),
            .generation = row.count(first + 1),
            .name = row.text(first + 2),
            .created_at = row.time(first + 3),
            .last_used_at = row.time(first + 4)};
}

std::vector<device> load_devices(connection& db, std::int64_t account) {
    std::vector<device> devices;
    for (const auto& row : db.query("SELECT public_id, generation, name, created_at, last_used_at FROM device "
                                    "WHERE account_id = ? ORDER BY last_used_at DESC, id DESC",
                                    {account})) {
        devices.push_back(to_device(row, 0));
    }
    return devices;
}

void write_device_change(connection& db, std::int64_t account, const device_change& change) {
    const auto& used = change.used;
    for (const auto& id : change.forgotten) delete_device(db, account, id);
    if (change.is_new) {
        db.execute(
            "INSERT INTO device (public_id, account_id, generation, name, created_at, last_used_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            {used.id, account, used.generation, used.name, used.created_at, used.last_used_at});
    } else {
        db.execute("UPDATE device SET generation = ?, name = ?, last_used_at = ? WHERE public_id = ?",
                   {used.generation, used.name, used.last_used_at, used.id});
    }
}

bool delete_device(connection& db, std::int64_t account, const uuid& id) {
    return db.execute("DELETE FROM device WHERE account_id = ? AND public_id = ?", {account, id}) != 0;
}

}  // namespace userinfo::sql
