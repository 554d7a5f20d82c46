"""What happens at once: one wins, all see the same, nothing slips through between two steps"""

import pytest

from client import Client
from expect import alive, ended, granted, refused, succeeded
from people import Person, new_email, new_password, refresh
from server import Server
from waiting import at_once, map_at_once

PROFILE = "/api/user/profile"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """With room for all the passwords that come at once: one source may fill an eighth of the queue."""
    server = Server(tmp_path_factory.mktemp("server"), PASSWORDS_QUEUE="2400").start()
    yield server
    server.finish()


def statuses(replies):
    return sorted(reply.status for reply in replies)


def winner(replies):
    """The place of the one that succeeded."""
    return [reply.status for reply in replies].index(200)


def change_password(app, person, new):
    return app.post("/api/account/password", form={"current_password": person.password, "new_password": new})


def devices(server, app, count):
    """Clients of the same session, each on a connection of its own."""
    return [Client(server, bearer=app.bearer) for _ in range(count)]


def nothing_of_these_lives(server, replies):
    """Each was refused, or the tokens that it gave are worth nothing now."""
    for reply in replies:
        assert reply.status in (200, 401), reply
        if reply.status == 200:
            ended(Client(server, bearer=reply.data["access_token"]))
            refused(refresh(server, reply.data["refresh_token"]), 401, 200008)


def test_one_of_a_hundred_registers_of_one_email_wins(server):
    email = new_email()
    rivals = [Person(email, new_password()) for _ in range(100)]
    replies = map_at_once(lambda rival: rival.register(Client(server)), rivals)
    assert statuses(replies) == [200] + [409] * 99
    best = rivals.pop(winner(replies))
    succeeded(best.log_in(Client(server)))
    refused(rivals[0].log_in(Client(server)), 401, 200007)


def test_parallel_refreshes_all_get_the_same_successor(server, app):
    replies = at_once([lambda: refresh(server, app.refresh_token)] * 64)
    successors = {granted(reply)["refresh_token"] for reply in replies}
    assert len(successors) == 1 and successors != {app.refresh_token}
    for reply in replies:
        alive(Client(server, bearer=reply.data["access_token"]))
    granted(refresh(server, successors.pop()))


def test_tabs_that_renew_at_once_stay_logged_in(server, browser):
    renewing = {"refresh_token": browser.cookies["refresh_token"]}
    tabs = [Client(server, cookies=renewing) for _ in range(10)]
    for reply in map_at_once(lambda tab: tab.get("/api/account"), tabs):
        granted(reply)
    assert len({tab.cookies["refresh_token"] for tab in tabs}) == 1
    alive(tabs[0])


def test_a_log_in_that_races_a_password_change_leaves_no_session_of_the_old_password(server, person):
    for _ in range(8):
        app, new = person.app(server), new_password()
        log_ins = [lambda: person.log_in(Client(server), tokens="body")] * 6
        *replies, changed = at_once([*log_ins, lambda: change_password(app, person, new)])
        granted(changed)
        nothing_of_these_lives(server, replies)
        survivor = Client(server, bearer=changed.data["access_token"])
        assert len(granted(survivor.get("/api/account/sessions"))["sessions"]) == 1
        person.password = new


def test_of_several_password_changes_at_once_one_wins(server, person):
    for _ in range(4):
        apps = [person.app(server) for _ in range(4)]
        wanted = [new_password() for _ in apps]
        replies = map_at_once(lambda app, new: change_password(app, person, new), apps, wanted)
        assert statuses(replies).count(200) == 1, statuses(replies)
        assert set(statuses(replies)) <= {200, 401, 403}
        person.password = wanted[winner(replies)]
        succeeded(person.log_in(Client(server)))


def test_a_refresh_that_races_a_log_out_leaves_nothing_alive(server, person):
    for _ in range(8):
        app = person.app(server)
        refreshes = [lambda: refresh(server, app.refresh_token)] * 4
        *replies, logged_out = at_once([*refreshes, lambda: app.post("/api/account/logout")])
        succeeded(logged_out)
        nothing_of_these_lives(server, replies)


def test_exactly_one_update_wins_per_version(server, app):
    succeeded(app.post(PROFILE, form={"username": "start"}))
    rivals = devices(server, app, 8)
    for version in range(1, 11):
        headers = {"If-Match": f'"{version}"'}
        names = [f"version {version} of {number}" for number in range(len(rivals))]

        def rename(rival, name):
            return rival.put(PROFILE, form={"username": name}, headers=headers)

        replies = map_at_once(rename, rivals, names)
        assert statuses(replies) == [200] + [412] * 7
        shown = app.get(PROFILE)
        assert shown.header("ETag") == f'"{version + 1}"'
        assert shown.data["username"] == names[winner(replies)]


def test_every_unconditional_update_gets_a_version_of_its_own(server, app):
    succeeded(app.post(PROFILE, form={"username": "start"}))
    replies = map_at_once(lambda device: device.put(PROFILE, form={"username": "Ada"}), devices(server, app, 40))
    versions = sorted(int(succeeded(reply).header("ETag").strip('"')) for reply in replies)
    assert versions == list(range(2, 42))


def test_readers_never_see_a_version_go_backwards(server, app):
    succeeded(app.post(PROFILE, form={"username": "1"}))
    writer, *readers = devices(server, app, 5)

    def write():
        for number in range(2, 80):
            succeeded(writer.put(PROFILE, form={"username": str(number)}))

    def read(reader):
        seen = []
        while not seen or seen[-1] < 79:
            reply = reader.get(PROFILE)
            seen.append(int(reply.header("ETag").strip('"')))
            assert granted(reply)["username"] == str(seen[-1])
        assert seen == sorted(seen)

    at_once([write, *(lambda reader=reader: read(reader) for reader in readers)])


def test_one_of_many_creates_wins(server, app):
    replies = map_at_once(lambda rival: rival.post(PROFILE, form={"username": "Ada"}), devices(server, app, 10))
    assert statuses(replies) == [200] + [409] * 9
    assert app.get(PROFILE).header("ETag") == '"1"'


def test_an_account_is_deleted_once(server, person, app):
    form = {"password": person.password}
    replies = map_at_once(lambda rival: rival.delete("/api/account", form=form), devices(server, app, 5))
    assert statuses(replies).count(200) == 1, statuses(replies)
    assert set(statuses(replies)) <= {200, 401}
    succeeded(Person(person.email, new_password()).register(Client(server)))
