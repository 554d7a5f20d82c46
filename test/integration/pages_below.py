"""What a server answers whose pages are below a path, be it the program or nginx."""

from raw_http import exchange, request

AS_A_BROWSER = ("Host: id.example.com", "Accept: text/html,*/*;q=0.8")
PAGES = ("", "/", "/register", "/login", "/profile", "/security", "/delete-account")
FILES = {"/main.js": "text/javascript", "/texts/en.js": "text/javascript", "/styles/tokens.css": "text/css", "/icon.svg": "image/svg+xml"}


def assert_pages_are_below(server, below):
    def ask(path):
        return exchange(server, request("GET", path, *AS_A_BROWSER))

    for page in PAGES:
        reply = ask(below + page)
        assert reply.status == 200 and reply.header("Content-Type").startswith("text/html"), (page, reply)
        assert is_frame(reply, below), (page, reply)
    for file, kind in FILES.items():
        reply = ask(below + file)
        assert reply.status == 200 and reply.header("Content-Type").startswith(kind), (file, reply)
    for astray in ("/nowhere", "/no/such/page", "/index.html"):
        reply = ask(below + astray)
        assert reply.status == 404 and is_frame(reply, below), (astray, reply)
    change_password = ask("/.well-known/change-password")
    assert (change_password.status, change_password.header("Location")) == (302, below + "/security")
    assert ask("/healthz").status == ask("/api/pages/start").status == 200


def is_frame(reply, below):
    """It names all of its files where they are."""
    return f'src="{below}/main.js"'.encode() in reply.body and b'="/' not in reply.body.replace(f'="{below}/'.encode(), b"")
