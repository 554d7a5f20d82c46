"""The topology of deploy/docker/compose.yaml, as a project of its own, through whatever Docker is there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "docker"
PROJECT = "userinfo-test"
PORT = 18_000
URL = f"http://127.0.0.1:{PORT}"
COMMIT = "0123456789ab"


class DockerFailed(Exception):
    """The text says what was asked, and its last words."""


def run(*command, seconds=60, check=True):
    """What it printed; with `check=False`, whether it succeeded."""
    settings = {"PORT": str(PORT), "PUBLIC_URL": URL, "SUBNET": "10.214", "USERINFO_COMMIT": COMMIT}
    done = subprocess.run(command, cwd=FOLDER, env=os.environ | settings, capture_output=True, text=True, timeout=seconds)
    if not check:
        return done.returncode == 0
    if done.returncode != 0:
        raise DockerFailed(f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def compose_command():
    """As a plug-in of docker, or as the program that it was before."""
    if not shutil.which("docker"):
        raise DockerFailed("there is no docker on this machine")
    if not run("docker", "info", check=False):
        raise DockerFailed("docker is here, but no Docker daemon answers; does it run, and may this user speak to it?")
    if run("docker", "compose", "version", check=False):
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    raise DockerFailed("there is neither `docker compose` nor docker-compose")


class Topology:
    def __init__(self):
        self._compose = [*compose_command(), "-p", PROJECT, "-f", "compose.yaml"]

    def compose(self, *words, seconds=300, check=True):
        return run(*self._compose, *words, seconds=seconds, check=check)

    def build(self):
        """Each image once, though several services have the same."""
        services = yaml.safe_load(self.compose("config"))["services"]
        one_of_each = {service["image"]: name for name, service in services.items()}
        self.compose("build", *one_of_each.values(), seconds=1800)

    def up(self):
        self.compose("up", "-d")

    def down(self, *options):
        self.compose("down", "--timeout", "30", *options)

    def logs(self):
        return self.compose("logs", "--no-color")

    def services(self):
        return self.compose("config", "--services").split()

    def container(self, service):
        """Its id, also if it has ended."""
        names = ("--filter", f"label=com.docker.compose.project={PROJECT}", "--filter", f"label=com.docker.compose.service={service}")
        return run("docker", "ps", "--all", "--quiet", *names).strip()

    def state(self, service):
        return json.loads(run("docker", "inspect", self.container(service)))[0]

    def is_healthy(self, service):
        return self.state(service)["State"].get("Health", {}).get("Status") == "healthy"

    def addresses(self, service):
        return [network["IPAddress"] for network in self.state(service)["NetworkSettings"]["Networks"].values()]

    def kill(self, service):
        """As if the machine had gone; nobody starts it again."""
        run("docker", "kill", self.container(service))

    def start(self, service):
        run("docker", "start", self.container(service))

    def pause(self, service):
        """It hangs: its connections stay open."""
        run("docker", "pause", self.container(service))

    def unpause(self, service):
        run("docker", "unpause", self.container(service))

    def inside(self, service, *command, check=True):
        return run("docker", "exec", self.container(service), *command, check=check)

    def can_reach(self, service, address, port):
        """Whether a TCP connection from that container is accepted there."""
        return self.inside(service, "timeout", "3", "bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}", check=False)
