"""What a reply, or a run of the program, must be, in a word."""


def succeeded(reply, data=None):
    """200 with that `data`. Returns the reply."""
    assert (reply.status, reply.code, reply.json["msg"]) == (200, 0, "Success."), reply
    assert reply.data == data, reply
    return reply


def granted(reply):
    """200 with whatever `data`, which it returns."""
    assert (reply.status, reply.code, reply.json["msg"]) == (200, 0, "Success."), reply
    return reply.data


def refused(reply, status, code):
    """That error, with no `data`. Returns the reply."""
    assert (reply.status, reply.code) == (status, code), reply
    assert reply.data is None, reply
    return reply


def invalid(reply, code, field, reason):
    """400, and what is wrong with which field."""
    assert (reply.status, reply.code) == (400, code), reply
    assert reply.data == {"field": field, "reason": reason}, reply


def ended(client):
    """The client's session is over."""
    refused(client.get("/api/account"), 401, 200008)


def alive(client):
    """The client's session goes on."""
    granted(client.get("/api/account"))


def failed(result, *words, status=1):
    """It ended with that exit status, and wrote nothing but one line of error, with all these words."""
    assert (result.returncode, result.stdout) == (status, ""), result
    (line,) = result.stderr.splitlines()
    assert all(str(word) in line for word in words), line
