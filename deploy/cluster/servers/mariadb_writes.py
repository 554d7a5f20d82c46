"""Whether a MariaDB server that takes writes finishes them. The look leaves nothing behind."""

import shutil

from servers.mariadb import DATABASE
from servers.process import ServerFailed

LOOK_SECONDS = 3
# Writes that wait for room go on once there is that much (deploy/servers/mariadb_room.sql).
LEAST_ROOM = 16_000_000

# As services see it (src/storage/sql/mysql/server_probe.cpp), but any statement that waits for room counts, not commits alone:
# other programs write, too.
HUNG_COMMITS = """\
SELECT COUNT(IF(state LIKE '%free space%', 1, NULL)), COUNT(IF(info = 'COMMIT' AND time_ms > 1500, 1, NULL))
FROM information_schema.processlist;
"""

UNDONE_WRITE = f"""\
SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1;
START TRANSACTION;
UPDATE {DATABASE}.cluster_state SET heartbeat = heartbeat + 1;
ROLLBACK;
"""


def hindrance(server):
    """What keeps the server from finishing writes. None: nothing does."""
    try:
        wait_for_room, hang = map(int, server.sql(HUNG_COMMITS, seconds=LOOK_SECONDS).split())
        if wait_for_room:
            return "takes no writes: its disk is full"
        if hang:
            return "takes no writes: its commits hang"
        server.sql(UNDONE_WRITE, seconds=LOOK_SECONDS)
    except ServerFailed as why:
        return f"takes no writes: {str(why).splitlines()[-1]}"
    if shutil.disk_usage(server.folder).free < LEAST_ROOM:
        return "its disk is almost full"
    return None
