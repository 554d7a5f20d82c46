"""Every secret that the tests hand to one server or get from it, and a search for them where none may be."""

import subprocess
import threading

SHORTEST = 12  # a shorter one may be in a text by chance


class Secrets:
    def __init__(self):
        self._words = {"credential": set(), "personal": set()}
        self._lock = threading.Lock()

    def add(self, word, kind="credential"):
        if isinstance(word, str) and len(word) >= SHORTEST and "\n" not in word:
            with self._lock:
                self._words[kind].add(word)

    def add_token(self, token):
        """A JWT or another token; of a JWT its payload and its signature alone, too."""
        self.add(token)
        for part in token.split(".")[1:]:
            self.add(part)

    def add_email(self, email):
        self.add(email, "personal")
        self.add(email.lower(), "personal")
        self.add(email.partition("@")[0], "personal")

    def add_session(self, session_id):
        self.add(session_id, "personal")

    def found_in(self, file, *kinds):
        """The lines of `file`, the beginning of each, that hold a secret of these kinds, or of any."""
        with self._lock:
            words = set().union(*(self._words[kind] for kind in kinds or self._words))
        if not words:
            return []
        search = ["grep", "--text", "--fixed-strings", "--file=-", str(file)]
        found = subprocess.run(search, input="\n".join(words).encode(), capture_output=True, timeout=60, check=False)
        assert found.returncode in (0, 1), found.stderr
        return [line[:1000] for line in found.stdout.decode(errors="replace").splitlines()]
