"""The key that seals the others: `userinfo keys rewrap` replaces it, and a crash in between loses none"""

import os
import signal
import stat
import subprocess
from contextlib import suppress

import pytest

from expect import alive, failed, granted
from people import Person, refresh
from program import PROGRAM
from server_keys import masters, wait_for_signer
from standalone import Standalone

pytestmark = pytest.mark.embedded


@pytest.fixture
def server(make_server):
    return make_server()


def test_rewraps_beside_a_running_server(server, person):
    app = person.app(server)
    file = server.data / "master.key"
    before, old = file.read_text(), masters(server)
    server.succeed("keys", "rewrap")
    assert file.read_text() != before and len(file.read_text().split()) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(masters(server)) == 1 and masters(server) != old
    alive(app)
    output = server.succeed("keys", "rotate", "access", "--now")
    later = wait_for_signer(server, person, output.split()[0])
    server.stop()
    server.start()
    alive(app)
    alive(later)
    granted(refresh(server, app.refresh_token))
    server.stop()
    file.write_text(before)
    result = server.run("standalone")
    assert result.returncode != 0 and "was sealed with the master key" in result.stderr


def starts_and_rewraps(server, app):
    """As it is after a crash."""
    server.start()
    alive(app)
    server.succeed("keys", "rewrap")
    assert len((server.data / "master.key").read_text().split()) == 1
    server.stop()
    server.start()
    alive(app)
    server.stop()


def test_a_rewrap_that_crashed_at_any_point_can_be_run_again(server, person):
    app = person.app(server)
    server.stop()
    file = server.data / "master.key"
    fresh = "A" * 43
    # Before the new file had its name.
    (server.data / "master.key.new").write_text("half a k")
    starts_and_rewraps(server, app)
    assert not (server.data / "master.key.new").exists()
    # Both are in the file, and the keys are sealed with the old one.
    file.write_text(f"{fresh}\n{file.read_text()}")
    starts_and_rewraps(server, app)
    # The keys are sealed with the new one, and both are in the file still.
    file.write_text(f"{file.read_text()}{fresh}\n")
    starts_and_rewraps(server, app)


def test_a_rewrap_that_cannot_write_the_database_leaves_what_the_server_starts_with(server, person):
    app = person.app(server)
    with server.storage_locked():
        failed(server.run("keys", "rewrap"))
    assert len((server.data / "master.key").read_text().split()) == 2
    server.stop()
    starts_and_rewraps(server, app)


def test_a_rewrap_that_is_killed_loses_no_key(server, person):
    app = person.app(server)
    for milliseconds in range(0, 60, 6):
        verb = subprocess.Popen(
            [PROGRAM, "keys", "rewrap"], env=server.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with pytest.raises(subprocess.TimeoutExpired) if milliseconds == 0 else suppress(subprocess.TimeoutExpired):
            verb.wait(milliseconds / 1000)
        verb.send_signal(signal.SIGKILL)
        verb.communicate()
        server.stop()
        server.start()
        alive(app)
    server.succeed("keys", "rewrap")
    assert len((server.data / "master.key").read_text().split()) == 1


def test_rewraps_with_the_first_master_key_of_the_environment(make_server):
    old, new = "A" * 43, "B" * 42 + "A"
    server = make_server(KEYS_MASTER=old)
    app = Person.registered(server).app(server)
    before = masters(server)
    server.stop()
    server.settings["KEYS_MASTER"] = f"{new}, {old}"
    server.start()
    assert "USERINFO_KEYS_MASTER" in server.succeed("keys", "rewrap")
    assert len(masters(server)) == 1 and masters(server) != before
    server.stop()
    server.settings["KEYS_MASTER"] = new
    server.start()
    alive(app)
    assert not (server.data / "master.key").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who alone can give files away")
def test_refuses_a_master_key_file_that_another_user_has_made(server):
    server.stop()
    key = server.data / "master.key"
    os.chown(key, 54321, -1)
    failed(server.run("standalone"), key, "belongs to user 54321", status=2)
    failed(server.run("keys", "rotate"), key, "belongs to user 54321", status=2)
    os.chown(key, 0, -1)
    os.chown(server.data, 54321, -1)
    failed(server.run("standalone"), server.data, "belongs to user 54321", status=2)
    os.chown(server.data, 0, -1)
    server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who alone can give folders away")
@pytest.mark.parametrize("role", ["standalone", "service"])
def test_a_start_that_would_refuse_its_new_master_key_makes_nothing(tmp_path, role):
    """As root in somebody's clone."""
    server = Standalone(tmp_path, PUBLIC_URL="http://127.0.0.1:8080", LOG_FILE=None)
    tmp_path.chmod(0o755)
    os.chown(tmp_path, 54321, -1)
    for verb in ([role], ["config", "check", role]):
        result = server.run(*verb)
        failed(result, "data_dir: ", f"{tmp_path} belongs to user 54321", "runs as root; run it as user 54321", status=2)
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_master_key_in_a_folder_that_everybody_can_write(server):
    server.stop()
    server.data.chmod(0o777)
    failed(server.run("standalone"), server.data / "master.key", "can be written by everybody", status=2)
    server.data.chmod(0o1777)
    server.start()


def test_refuses_a_master_key_file_that_others_can_read(server):
    server.stop()
    (server.data / "master.key").chmod(0o644)
    result = server.run("standalone")
    assert result.returncode != 0 and "can be used by everybody" in result.stderr
    failed_verb = server.run("keys", "rotate")
    assert failed_verb.returncode != 0 and "can be used by everybody" in failed_verb.stderr
    (server.data / "master.key").chmod(0o640)
    server.start()
    assert "can be used by a group" in server.storing.log_file.read_text()
