"""What `./dev cluster status` prints: each process, and whether it does its part."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from servers import leadership, mariadb, mariadb_writes, nginx
from servers.process import ServerFailed

MOST_PARTS = 25


@dataclass
class Line:
    name: str
    port: int
    pid: int | None
    health: str  # "well", or what is wrong
    detail: str = ""

    @property
    def is_well(self):
        return self.health == "well"


def lines(cluster):
    """All parts are asked at once, because each that hangs takes seconds."""
    with ThreadPoolExecutor(MOST_PARTS) as pool:
        members = pool.map(member_line, cluster.members)
        databases = pool.submit(database_lines, cluster)
        nodes = pool.map(redis_line, cluster.redis.nodes, cluster.redis.processes)
        roles = pool.map(role_line, (*cluster.services, *cluster.gateways))
        front = pool.submit(nginx_line, cluster)
        return [*members, *databases.result(), *nodes, *roles, front.result()]


def member_line(member):
    process, port, leads = member.process(), member.ports.etcd(member.number), member.leads()
    if leads is None:
        return silent(process, port)
    return Line(process.name, port, process.pid(), "well" if member.is_healthy() else "no leader", "leader" if leads else "")


def silent(process, port, detail=""):
    return Line(process.name, port, process.pid(), process.silence(), detail)


def database_lines(cluster):
    said = mariadb.statuses(cluster.databases)
    primary = leadership.primary_of(said, cluster.primary)
    return [database_line(server, status, primary, said.get(primary)) for server, status in said.items()]


def database_line(server, status, primary, of_primary):
    leads = server is primary
    if status is None:
        return silent(server.process(), server.port, "primary" if leads else "replica")
    health, detail = primary_health(server, status) if leads else replica_health(status, of_primary)
    return Line(server.process().name, server.port, server.process().pid(), health, detail)


def primary_health(server, status):
    followed = status.get("Rpl_semi_sync_master_status") == "ON" and status.get("Rpl_semi_sync_master_clients") != "0"
    replication = "semi-synchronous" if followed else "asynchronous"
    detail = f"primary, epoch {status.get('epoch')}, {replication}"
    if not leadership.is_writable(status):
        return "takes no writes: it is read-only", detail
    return mariadb_writes.hindrance(server) or ("well" if followed else "no replica confirms writes"), detail


def replica_health(status, primary):
    if leadership.is_writable(status):
        return "takes writes, but must not", f"epoch {status.get('epoch')}"
    if not leadership.follows(status):
        return "follows no server", f"epoch {status.get('epoch')}"
    threads = {name: status.get(name) == "Yes" for name in ("Slave_IO_Running", "Slave_SQL_Running")}
    behind = status.get("Seconds_Behind_Master", "NULL")
    lag = f"{behind} s behind" if behind != "NULL" else "lag unknown"
    if primary and primary["gtid"] == status["gtid"]:
        lag = "has all"
    if not all(threads.values()):
        stopped = " and ".join(name.split("_")[1] for name, runs in threads.items() if not runs)
        return f"its {stopped} thread does not run", f"replica, {lag}"
    return "well", f"replica, {lag}"


def redis_line(node, process):
    with contextlib.suppress(OSError, ServerFailed):
        own = next(words for words in node.others() if "myself" in words[2])
        primary = "master" in own[2]
        detail = f"primary, slots {' '.join(own[8:]) or 'none'}" if primary else "replica"
        health = "well" if node.is_content() or (primary and own[8:]) else "not in step"
        return Line(process.name, node.port, process.pid(), health, detail)
    return silent(process, node.port)


def role_line(role):
    readiness = role.readiness()
    if readiness is None:
        return silent(role.process(), role.management_port)
    memory = role.metrics().get("process_resident_memory_bytes")
    health = "well" if readiness == "ready" else "not ready"
    return Line(role.name, role.management_port, role.process().pid(), health, f"{memory / 1e6:.0f} MB" if memory else "")


def nginx_line(cluster):
    process, port = cluster.nginx(), cluster.ports.nginx()
    if not nginx.answers(port):
        return silent(process, port, cluster.url)
    return Line(process.name, port, process.pid(), "well", cluster.url)


def table(all_lines):
    rows = [("process", "port", "pid", "health", "")]
    rows += [(line.name, str(line.port), str(line.pid or "-"), line.health, line.detail) for line in all_lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
