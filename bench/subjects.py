"""The programs under measurement: started on free ports, watched through /proc, stopped at the end."""
import http.client
import os
import pathlib
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).parent
START_LIMIT = 15
STOP_LIMIT = 15
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class server:
    """A program that answers on 127.0.0.1:port. Use as a context: it is stopped at the end."""

    def __init__(self, command, port, health, environment=None):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        begin = time.monotonic()
        self.process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
        try:
            self.wait_for(health, begin + START_LIMIT)
        except BaseException:
            self.stop()
            raise
        self.start_ms = (time.monotonic() - begin) * 1000

    def wait_for(self, path, deadline):
        while not self.answers(path):
            self.require_running()
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.process.args[0]} did not answer {path} within {START_LIMIT} s")
            time.sleep(0.001)

    def answers(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def pids(self):
        """The process and its children (nginx's workers)."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def cpu_seconds(self):
        return sum(self.cpu_ticks(pid) for pid in self.pids()) / TICKS

    @staticmethod
    def cpu_ticks(pid):
        after_name = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        user, system = after_name[11], after_name[12]
        return int(user) + int(system)

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kilobytes) / 1024

    def descriptors(self):
        """How many files it has open; None if it lets only root see that, and this is not root."""
        try:
            return len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except PermissionError:
            return None

    def require_running(self):
        if self.process.poll() is not None:
            raise SystemExit(f"{self.process.args[0]} ended with status {self.process.returncode}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def start_userinfo(program, folder, settings=None, port=None):
    """`settings`: variables, beside those of userinfo.yaml. On a free port, if none is named."""
    port = port or free_port()
    environment = {
        "USERINFO_LISTEN": f"127.0.0.1:{port}",
        "USERINFO_MANAGEMENT_LISTEN": f"127.0.0.1:{free_port()}",
        "USERINFO_DATA_DIR": str(folder / "data"),
        "USERINFO_LOG_FILE": str(folder / "userinfo.log"),
        **(settings or {}),
    }
    command = [str(program), "standalone", "--config", str(HERE / "userinfo.yaml")]
    return server(command, port, "/healthz", environment)


def start_nginx(folder, body):
    port = free_port()
    text = (HERE / "nginx.conf").read_text()
    quoted_body = body.replace("\\", "\\\\").replace("'", "\\'")
    for word, value in (("PORT", str(port)), ("FOLDER", str(folder)), ("BODY", quoted_body)):
        text = text.replace(f"@{word}@", value)
    config = folder / "nginx.conf"
    config.write_text(text)
    return server(["/usr/sbin/nginx", "-e", f"{folder}/nginx.error.log", "-c", str(config)], port, "/")
