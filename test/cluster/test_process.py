"""What is said of a process that does not start."""

import pytest

from servers.process import Process, ServerFailed


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
