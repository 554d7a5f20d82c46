"""`userinfo completion`, in a real bash at a terminal"""

import os
import pty
import select
import subprocess
import time

import pytest

from program import PROGRAM, clean_environment, run_program

PATIENCE = 20  # seconds
DONE = "that-was-it"


class Shell:
    """An interactive bash that knows how to complete userinfo."""

    def __init__(self, home):
        (home / "userinfo").symlink_to(PROGRAM)
        self.terminal, its_end = pty.openpty()
        path = f"{home}:{os.environ['PATH']}"
        settings = {"PATH": path, "PS1": "", "TERM": "dumb", "HOME": str(home), "INPUTRC": "/dev/null"}
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            stdin=its_end,
            stdout=its_end,
            stderr=its_end,
            env=clean_environment(settings),
            cwd=home,
            start_new_session=True,
        )
        os.close(its_end)
        self.type("source <(userinfo completion bash)")

    def type(self, line):
        """What comes of it, with the line as bash has completed it."""
        os.write(self.terminal, f"{line}\necho {DONE[:4]}''{DONE[4:]}\n".encode())
        output, deadline = "", time.monotonic() + PATIENCE
        while DONE not in output:
            ready, _, _ = select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"bash does not answer: {output!r}"
            output += os.read(self.terminal, 65536).decode()
        return output

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def bash(tmp_path):
    shell = Shell(tmp_path)
    yield shell
    shell.close()


def test_completes_a_verb(bash):
    assert run_program("version").stdout.splitlines()[0] in bash.type("userinfo vers\t")
    assert "print the keys:" in bash.type("userinfo ke\tli\t--help")


def test_completes_an_option(bash):
    assert "print the keys:" in bash.type("userinfo keys list --he\t")


def test_completes_a_setting_and_its_value(bash):
    assert "the settings are right" in bash.type("userinfo config check --log-lev\tdeb\t--log-format=j\t")


def test_completes_the_name_of_a_verb_that_help_explains(bash):
    assert "print the keys:" in bash.type("userinfo help ke\tli\t")


def test_completes_the_name_of_a_file(bash, tmp_path):
    (tmp_path / "settings.yaml").write_text("log: {level: loud}\n")
    assert "'loud' is not one of" in bash.type("userinfo config check --config sett\t")


def test_knows_no_other_shell():
    assert run_program("completion", "tcsh").returncode == 2
