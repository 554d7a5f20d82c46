"""What `./dev cluster status` prints: each process, and whether it does its part."""

import contextlib
from dataclasses import dataclass

from servers import nginx
from servers.process import ServerFailed


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
    return [
        *(member_line(member) for member in cluster.members),
        *database_lines(cluster),
        *(redis_line(cluster, node) for node in cluster.redis.nodes),
        *(role_line(service, cluster.ports.service_management(number)) for number, service in enumerate(cluster.services, 1)),
        *(role_line(gateway, cluster.ports.gateway_management(number)) for number, gateway in enumerate(cluster.gateways, 1)),
        nginx_line(cluster),
    ]


def member_line(member):
    leads = member.leads()
    health = "well" if member.is_healthy() else "no leader" if leads is not None else "does not answer"
    return Line(member.name, member.ports.etcd(member.number), member.process().pid(), health, "leader" if leads else "")


def database_lines(cluster):
    said = {server: server.status() for server in cluster.databases}
    primary = said[cluster.primary]
    for server, status in said.items():
        leads = server is cluster.primary
        health, detail = primary_health(status) if leads else replica_health(status, primary)
        yield Line(server.process().name, server.port, server.process().pid(), health, detail)


def primary_health(status):
    if status is None:
        return "does not answer", "primary"
    followed = status.get("Rpl_semi_sync_master_status") == "ON" and status.get("Rpl_semi_sync_master_clients") != "0"
    replication = "semi-synchronous" if followed else "asynchronous"
    detail = f"primary, epoch {status.get('epoch')}, {replication}"
    if status["read_only"] != "0":
        return "takes no writes", detail
    return ("well" if followed else "no replica confirms writes"), detail


def replica_health(status, primary):
    if status is None:
        return "does not answer", "replica"
    if status["read_only"] != "1":
        return "takes writes", "must not"
    threads = {name: status.get(name) == "Yes" for name in ("Slave_IO_Running", "Slave_SQL_Running")}
    behind = status.get("Seconds_Behind_Master", "NULL")
    lag = f"{behind} s behind" if behind != "NULL" else "lag unknown"
    if primary and primary["gtid"] == status["gtid"]:
        lag = "has all"
    if not all(threads.values()):
        stopped = " and ".join(name.split("_")[1] for name, runs in threads.items() if not runs)
        return f"its {stopped} thread does not run", f"replica, {lag}"
    return "well", f"replica, {lag}"


def redis_line(cluster, node):
    process = next(each for each in cluster.redis.processes if each.folder == node.folder)
    with contextlib.suppress(OSError, ServerFailed):
        own = next(words for words in node.others() if "myself" in words[2])
        primary = "master" in own[2]
        detail = f"primary, slots {' '.join(own[8:]) or 'none'}" if primary else "replica"
        health = "well" if node.is_content() or (primary and own[8:]) else "not in step"
        return Line(process.name, node.port, process.pid(), health, detail)
    return Line(process.name, node.port, process.pid(), "does not answer")


def role_line(role, port):
    health = {"ready": "well", None: "does not answer"}.get(role.readiness(), "not ready")
    figures = role.metrics()
    memory = figures.get("process_resident_memory_bytes")
    return Line(role.name, port, role.process().pid(), health, f"{memory / 1e6:.0f} MB" if memory else "")


def nginx_line(cluster):
    health = "well" if nginx.answers(cluster.ports.nginx()) else "does not answer"
    return Line("nginx", cluster.ports.nginx(), cluster.nginx().pid(), health, cluster.url)


def table(all_lines):
    rows = [("process", "port", "pid", "health", "")]
    rows += [(line.name, str(line.port), str(line.pid or "-"), line.health, line.detail) for line in all_lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
