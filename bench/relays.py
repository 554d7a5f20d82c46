"""Relays in the places of a cluster's gateways and services, which only pass bytes on (bench/relay.cpp). What a request costs
there is what the machine takes by itself: the kernel's part, and Redis."""
import base64
import json
import socket
import subprocess
from contextlib import suppress

import load
from servers import nginx
from servers.private_files import write_private
from servers.process import Process
from servers.redis import PRIMARIES, SLOTS
from topology import GATEWAYS, SERVICES

PATH = "/api/user/profile"


class Relays:
    """Beside a cluster that runs and has just been started: as many processes, an nginx of their own, the cluster's Redis.
    `port`: of their nginx. `users`: who have a profile; enough that each node of Redis has some of it."""

    def __init__(self, cluster, program, folder, port, users):
        self.url = f"http://127.0.0.1:{port}"
        folder.mkdir(mode=0o700)
        password = {"REDIS_PASSWORD": cluster.redis.password}
        commands = [str(word) for pair in read_commands(cluster, users, folder) for word in pair]
        reply = folder / "reply"
        reply.write_bytes(read_reply(cluster, users[0]))
        services = [str(folder / f"service-{number}" / "socket") for number in range(1, SERVICES + 1)]
        gateways = [str(folder / f"gateway-{number}" / "socket") for number in range(1, GATEWAYS + 1)]
        places = [
            *((path, ["service", path, str(reply), *commands], password) for path in services),
            *((path, ["gateway", path, *services], {}) for path in gateways),
        ]
        self.relays = [relay(program, folder, *place) for place in places]
        addresses = [(f"unix:{path}", number) for number, path in enumerate(gateways, 1)]
        self.front = nginx.process(folder / "nginx", port, addresses)
        self.redis = cluster.redis.processes

    def processes(self):
        return [*self.relays, self.front, *self.redis]

    def __enter__(self):
        try:
            for each in (*self.relays, self.front):
                each.start()
                each.wait_ready()
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for each in (self.front, *reversed(self.relays)):
            each.stop()


def relay(program, folder, path, arguments, environment):
    name = path.split("/")[-2]
    return Process(
        name=name,
        folder=folder / name,
        command=[str(program), *arguments],
        is_ready=lambda: accepts(path),
        environment=environment,
    )


def accepts(path):
    with suppress(OSError), socket.socket(socket.AF_UNIX) as attempt:
        attempt.connect(path)
        return True
    return False


def read_reply(cluster, user):
    """A profile as a gateway sends it."""
    _, _, path = cluster.socket("gateway", 1).partition(":")
    command = ["curl", "--silent", "--include", "--unix-socket", path, "--cookie", user.access_cookie, f"http://127.0.0.1{PATH}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def read_commands(cluster, users, folder):
    """For each primary of Redis: its port, and a file with what a service asks it to read a profile of one of the users."""
    client, commands = load.api(cluster.url), {}
    for user in users:
        keys = keys_of(client, user)
        slot = int(cluster.redis.nodes[0].ask("CLUSTER", "KEYSLOT", keys[0]))
        number = next(number for number in range(PRIMARIES) if slot < (number + 1) * SLOTS // PRIMARIES)
        node = cluster.redis.nodes[number]
        if node.port in commands:
            continue
        client.call("GET", PATH, cookie=user.access_cookie)  # now it is in the cache
        commands[node.port] = folder / f"command-{number}"
        write_private(commands[node.port], resp("MGET", *keys))
        if len(commands) == PRIMARIES:
            return commands.items()
    raise SystemExit(f"{len(users)} users are too few: a node of Redis has none of them")


def keys_of(client, user):
    """Of the session, the profile and the arrival, as src/storage/redis/cache_keys.h makes them."""
    account = json.loads(client.call("GET", "/api/account", cookie=user.access_cookie)[1])["data"]["account_id"]
    claims = user.access_cookie.split(".")[1]
    session = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sid"]
    one_of_session = f"{{{account}}}:{session}"
    return f"userinfo:session:{one_of_session}", f"userinfo:get_profile:{{{account}}}", f"userinfo:arrived:{one_of_session}"


def resp(*words):
    """As Redis reads a command (RESP2)."""
    return f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
