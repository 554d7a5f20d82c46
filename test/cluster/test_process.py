"""When a process runs, and what is said of one that does not start."""

import subprocess
import sys
from pathlib import Path

import pytest

from servers.process import Process, ServerFailed, began_at
from waiting import wait_until


@pytest.fixture
def failure(tmp_path):
    """What is said of a program that runs this script, and does not become ready."""

    def run(script):
        process = Process(name="it", folder=tmp_path, command=["sh", "-c", script], is_ready=lambda: False)
        process.start()
        with pytest.raises(ServerFailed) as failed:
            process.wait_ready()
        return str(failed.value)

    return run


def test_the_last_words_of_a_process_are_not_those_of_a_former_one(failure):
    assert failure("echo old").endswith("\nold")
    said = failure("echo new")
    assert said.endswith("\nnew") and "old" not in said


def test_a_process_that_said_nothing_is_not_given_the_words_of_a_former_one(failure, tmp_path):
    failure("echo old")
    assert failure("exit 1") == f"it has ended; it has written nothing to {tmp_path}/log"


def test_a_log_that_was_cut_off_meanwhile_is_shown_from_its_beginning(failure):
    failure("echo a long line of a former process")
    assert failure(": >log; echo new").endswith("\nnew")


FIRST_THREAD_ENDS = """
import ctypes, threading
threading.Thread(target=threading.Event().wait).start()
print("begun", flush=True)
ctypes.CDLL(None).syscall(60, 0)  # exit, of this thread alone
"""


def test_a_process_runs_until_its_last_thread_has_ended():
    with subprocess.Popen([sys.executable, "-c", FIRST_THREAD_ENDS], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        began = began_at(process.pid)
        status = Path(f"/proc/{process.pid}/stat")
        wait_until(lambda: ") Z " in status.read_text(), "its first thread has ended")
        assert began_at(process.pid) == began
        process.kill()
        wait_until(lambda: began_at(process.pid) is None, "it has ended")
