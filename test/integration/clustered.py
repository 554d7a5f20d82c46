"""The program as a gateway and a service in a cluster."""

import os
import random
import subprocess
from contextlib import contextmanager

from apart import Apart
from mariadb_databases import ADMINISTRATOR, administer, count_rows, tables_of
from program import first_line, free_port, run_program
from servers import nginx
from servers.private_files import kept
from servers.process import ServerFailed
from servers.userinfo import new_master_key


class Clustered(Apart):
    """The same behind nginx, with a database of its own on MariaDB, and the caches in Redis Cluster: the servers that
    `tools/with_servers redis mariadb` runs. What is about HTTP's bytes connects to the gateway itself, at `port`."""

    def __init__(self, folder, *arguments, **settings):
        super().__init__(folder, *arguments, **settings)
        self.front_port = free_port()
        self.database = f"userinfo_{random.getrandbits(64):x}"
        self.settings.setdefault("PUBLIC_URL", self.url)
        self.settings.setdefault("HTTP_TRUSTED_PROXIES", "127.0.0.1")
        self.front = None
        self.service.folder.mkdir(parents=True, exist_ok=True)
        self.service.database = self.database
        master_key = self.service.folder / "master.key"
        kept(master_key, new_master_key)
        hosts = [f"127.0.0.1:{os.environ[f'MARIADB_{server}_PORT']}" for server in ("PRIMARY", "REPLICA")]
        self.settings = {
            "KEYS_MASTER_FILE": str(master_key),
            "MARIADB_HOSTS": ",".join(hosts),
            "MARIADB_DATABASE": self.database,
            "MARIADB_USER": "app",
            "MARIADB_PASSWORD": os.environ["MARIADB_APP_PASSWORD"],
            "REDIS_NODES": os.environ["USERINFO_TEST_REDIS_NODES"],
            "REDIS_PASSWORD": os.environ["USERINFO_TEST_REDIS_PASSWORD"],
        } | self.settings
        self.make_database()

    @property
    def url(self):
        return super().url if "TLS_CERTIFICATE" in self.settings else f"http://127.0.0.1:{self.front_port}"

    @property
    def storing(self):
        return self

    def count_rows(self):
        return count_rows(self.database)

    def change(self, statement):
        administer(f"USE {self.database}; {statement}")

    @contextmanager
    def storage_locked(self):
        tables = ", ".join(f"{table} READ" for table in tables_of(self.database))
        client = [*ADMINISTRATOR, f"--socket={os.environ['MARIADB_PRIMARY_SOCKET']}", "--unbuffered", self.database]
        with subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
            session.stdin.write(f"LOCK TABLES {tables}; SELECT 'locked';\n")
            session.stdin.flush()
            assert first_line(session.stdout) == "locked"
            try:
                yield
            finally:
                session.stdin.close()

    def make_database(self):
        administer(f"CREATE DATABASE {self.database}")
        migrator = {"USERINFO_MARIADB_USER": "migrate", "USERINFO_MARIADB_PASSWORD": os.environ["MARIADB_MIGRATE_PASSWORD"]}
        done = run_program("migrate", environment=self.environment() | migrator)
        assert done.returncode == 0, done.stderr

    def start(self):
        super().start()
        if "TLS_CERTIFICATE" not in self.settings:
            self.front = nginx.process(self.folder / "nginx", self.front_port, [(f"127.0.0.1:{self.port}", 1)])
            self.front.start()
            try:
                self.front.wait_ready()
            except ServerFailed:
                self.kill()
                raise
        return self

    def wait(self):
        try:
            return super().wait()
        finally:
            self.stop_front()

    def kill(self):
        super().kill()
        self.stop_front()

    def stop_front(self):
        if self.front:
            self.front.stop()

    def finish(self):
        super().finish()
        administer(f"DROP DATABASE {self.database}")
