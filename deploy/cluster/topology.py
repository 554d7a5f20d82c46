"""A whole cluster on this machine: which processes it has, how they come up together, and what becomes of one that was
away."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from joining import Joining
from mistake import Mistake
from servers import etcd, leadership, mariadb, nginx, redis, userinfo
from servers.mariadb_secrets import Passwords
from servers.ports import Ports
from servers.private_files import kept
from servers.process import Process, ServerFailed, run_aside, wait_until
from state import State
from succession import Succession

GATEWAYS = 2
SERVICES = 2
IO_THREADS = max(1, (os.cpu_count() or 1) // (SERVICES + GATEWAYS))  # of each: they share the machine


class Cluster:
    """`settings`: of the program's roles, by their keys, beside those that hold the cluster together:
    {"service": {…}, "gateway": {…}}."""

    def __init__(self, folder, program, offset=None, settings=None, say=lambda line: None):
        self.folder = folder
        self.program = program
        self.say = say
        self.state = State.of(folder, offset)
        self.ports = Ports(self.state.offset)
        self.settings = settings or {}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.members = etcd.members(folder, self.ports)
        self.databases = [self.database(number) for number in self.state.databases]
        self.redis = redis.RedisCluster(folder / "redis", self.ports)
        self.services = [self.service(number) for number in range(1, SERVICES + 1)]
        self.gateways = [self.gateway(number) for number in range(1, GATEWAYS + 1)]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports.nginx()}"

    # Its parts

    def database(self, number):
        return mariadb.Server(number, self.folder / "mariadb", self.ports, memory="128M")

    @property
    def primary(self):
        return next(server for server in self.databases if server.number == self.state.primary)

    @property
    def replicas(self):
        return [server for server in self.databases if server.number != self.state.primary]

    def service(self, number):
        passwords = Passwords.of(self.folder / "mariadb")
        password_file = self.folder / "secrets" / "mariadb"
        kept(password_file, lambda: passwords.app)
        master_key_file = self.folder / "secrets" / "master.key"
        kept(master_key_file, userinfo.new_master_key)
        settings = {
            "public_url": self.url,
            "threads": IO_THREADS,
            "rpc.listen": userinfo.socket(self.folder, "service", number),
            "discovery.etcd": [member.address for member in self.members],
            "mariadb.hosts": [f"127.0.0.1:{server.port}" for server in self.databases],
            "mariadb.user": "app",
            "mariadb.password_file": str(password_file),
            "redis.nodes": [node.address for node in self.redis.nodes],
            "redis.password_file": str(self.folder / "redis" / "password"),
            "keys.master_file": str(master_key_file),
        } | self.settings.get("service", {})
        ports = (self.ports.service_management(number),)
        return userinfo.Role(self.program, "service", number, self.folder, settings, ports)

    def gateway(self, number):
        settings = {
            "public_url": self.url,
            "threads": IO_THREADS,
            "listen": userinfo.socket(self.folder, "gateway", number),
            "discovery.etcd": [member.address for member in self.members],
        } | self.settings.get("gateway", {})
        ports = (self.ports.gateway_management(number),)
        return userinfo.Role(self.program, "gateway", number, self.folder, settings, ports)

    def nginx(self):
        addresses = [(userinfo.socket(self.folder, "gateway", number), number) for number in range(1, GATEWAYS + 1)]
        return nginx.process(self.folder / "nginx", self.ports.nginx(), addresses)

    def processes(self):
        """All of them, in the order in which they come up."""
        database_role = {server: "MASTER" if server is self.primary else "SLAVE" for server in self.databases}
        return [
            *(member.process() for member in self.members),
            *(server.process(role) for server, role in database_role.items()),
            *self.redis.processes,
            *(service.process() for service in self.services),
            *(gateway.process() for gateway in self.gateways),
            self.nginx(),
        ]

    def process(self, name) -> Process:
        found = next((each for each in self.processes() if each.name == name), None)
        if not found:
            names = ", ".join(each.name for each in self.processes())
            raise Mistake(f"there is no {name}, only {names}")
        return found

    # What can be done with it

    def up(self):
        """Starts what does not run. Mistake: another program has one of the ports. ServerFailed: something did not come
        up; what did goes on."""
        self.require_ports(self.processes())
        self.state.save(self.folder)
        self.start_infrastructure()
        self.migrate()
        self.start_roles(self.services)
        self.start_roles(self.gateways)
        front = self.nginx()
        front.start()
        front.wait_ready()
        self.say(f"nginx at {self.url}")

    def require_ports(self, processes):
        for process in processes:
            if not process.pid():
                process.end_children()
            for port in process.taken_ports():
                raise Mistake(f"port {port} of {process.name} is in use by another program; --offset moves all ports")

    def start_infrastructure(self):
        with ThreadPoolExecutor() as pool:
            parts = {
                "etcd": pool.submit(etcd.start, self.members),
                "mariadb": pool.submit(mariadb.start, self.databases, self.primary),
                "redis": pool.submit(self.redis.start),
            }
            for name, part in parts.items():
                part.result()
                self.say(f"{name} is up")
        self.adopt(parts["mariadb"].result())

    def migrate(self):
        passwords = Passwords.of(self.folder / "mariadb")
        self.run_verb("migrate", USERINFO_MARIADB_USER="migrate", USERINFO_MARIADB_PASSWORD=passwords.migrate)
        self.say("the schema is up to date")

    def run_verb(self, *words, **variables):
        """Runs a verb of the program, as an operator does beside the services."""
        first = self.services[0]
        first.prepare()
        options = ["--config", str(first.folder / "config.yaml")]
        names = 2 if words[0] in ("user", "keys") else 1  # options come behind the verb, and before what it works on
        run_aside([str(self.program), *words[:names], *options, *words[names:]], **variables)

    def start_roles(self, roles):
        for role in roles:
            role.prepare()
            role.process().start()
        for role in roles:
            role.process().wait_ready()
            self.say(f"{role.name} is ready")

    def down(self):
        """Stops all, the front first. What was stored stays."""
        failed = []
        for process in reversed(self.processes()):
            try:
                process.stop()
            except ServerFailed as why:
                failed.append(str(why))
        if failed:
            raise ServerFailed("\n".join(failed))
        self.say(f"everything has stopped; the data is kept in {self.folder}")

    def kill(self, name):
        self.end(name, Process.kill, "was killed")

    def stop(self, name):
        self.end(name, Process.stop, "has stopped")

    def end(self, name, how, done):
        process = self.process(name)
        ran = process.pid()
        how(process)
        self.say(f"{name} {done}" if ran else f"{name} does not run")

    def restart(self, name):
        """Stops it and starts it again, also one that had to be killed. Who connects to a gateway meanwhile waits. Mistake: it
        could not serve then, and goes on."""
        process = self.process(name)
        self.require_what_it_needs(name)
        with process.listen() as listening:
            try:
                process.stop()
            finally:
                # One that made its socket itself has removed it, this one.
                self.bring_up(process, listening if listening and process.socket.exists() else None)
        self.say(f"{name} has restarted{self.place_of(name)}")

    def require_what_it_needs(self, name):
        """What a service or a gateway must find when it starts, although it would go on without."""
        if any(role.name == name for role in self.services):
            if not any(leadership.is_writable(status) for status in mariadb.statuses(self.databases).values()):
                raise Mistake(f"no MariaDB server takes writes, so {name} would not start again; start or `promote` one first")
        if any(role.name == name for role in self.gateways):
            if not any(member.is_healthy() for member in self.members):
                raise Mistake(f"etcd does not answer, so {name} would find no service again; start etcd first")

    def start(self, name):
        """One that was killed comes back, in the place that is its own now."""
        process = self.process(name)
        ran = process.pid()
        self.bring_up(process)
        self.say(f"{name} {'runs already' if ran else 'is up'}{self.place_of(name)}")

    def bring_up(self, process, listening=None):
        """`listening`: of Process.listen."""
        self.require_ports([process])
        for role in (*self.services, *self.gateways):
            role.prepare()
        server = self.server_called(process.name)
        if server:
            server.keep_own_data()
        process.start(listening)
        process.wait_ready()
        if server is None:
            return
        remembered, said = self.primary, self.ask_databases()
        primary = leadership.certain_primary(said, self.primary)
        if server is not primary:
            server.follow(primary)
        if server is primary or primary is not remembered:
            mariadb.let_lead(primary, remembered, said)
        if server is not primary and said[primary]:
            self.require_following(server)

    def server_called(self, name):
        """The MariaDB server with this name. None: there is none."""
        return next((server for server in self.databases if server.process().name == name), None)

    def place_of(self, name):
        server = self.server_called(name)
        if server is None:
            return ""
        return " as the primary" if server is self.primary else f" as a replica of {self.primary.process().name}"

    def require_following(self, server):
        """ServerFailed: its data have what the primary's have not, or the primary no longer has what it lacks."""

        def is_settled():
            status = server.status() or {}
            return status.get("Slave_IO_Running") == "Yes" or status.get("Last_IO_Errno", "0") not in ("0", "2003")

        wait_until(is_settled, 15)
        status = server.status() or {}
        if status.get("Slave_IO_Running") != "Yes":
            why = status.get("Last_IO_Error") or "it does not say why"
            name = server.process().name
            raise ServerFailed(f"{name} cannot follow the primary: {why}\n`join {name}` gives it a copy of the primary's data")

    def promote(self, name, force=False):
        Succession(self).promote(name, force)

    def switch(self, name):
        Succession(self).switch(name)

    def ask_databases(self):
        """What each MariaDB server says of itself, None for those that do not answer."""
        said = mariadb.statuses(self.databases)
        self.adopt(leadership.primary_of(said, self.primary) or self.primary)
        return said

    def adopt(self, primary):
        """Notes a primary that has been promoted by other means."""
        if primary is not self.primary:
            now, before = primary.process().name, self.primary.process().name
            self.say(f"{now} has been promoted since, and is the primary instead of {before}")
            self.note_primary(primary)

    def note_primary(self, server):
        self.state.primary = server.number
        self.state.save(self.folder)

    def join(self, name):
        Joining(self).join(name)

    def forget(self):
        """Everything that was stored. The processes must be down."""
        shutil.rmtree(self.folder)
