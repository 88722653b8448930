"""A real IMAP server on a loopback port that holds a few mails and behaves as it is told to."""

import re
import socketserver
import threading
from contextlib import AbstractContextManager

from tests.serving import served

GARBAGE = b"\xff\x00)(((* 99 {12\r\n" * 20


class ImapServer(socketserver.ThreadingTCPServer):
    """`mails` are the texts by number, `seen` the numbers that are marked as read.

    `mood`: "" behaves; at the word `at` (LOGIN, SELECT, SEARCH, FETCH, STORE; "" is the greeting) it
    is otherwise: "hang" says nothing more, "drip" a letter at a time, "drop" hangs up, "garbage"
    says what is no answer, "no" refuses.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.mood = self.at = ""
        self.words: list[str] = []
        self.over = threading.Event()

    @property
    def settings(self):
        return {
            "host": "127.0.0.1",
            "port": self.server_address[1],
            "sealed": False,
            "user": "tap-huan@example.vn",
            "password": "bí mật".encode("ascii", "ignore").decode(),
            "folder": "INBOX",
        }


class _Handler(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self):
        try:
            if self._behaves("", ""):
                self._say(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
                self._converse()
        except OSError:
            pass

    def _converse(self):
        for line in self.rfile:
            tag, *words = line.decode().split()
            name = next((w for w in words if w.upper() != "UID"), "").upper()
            self.server.words.append(name)
            if not self._behaves(name, tag):
                return
            answer = getattr(self, f"on_{name.lower()}", None)
            if answer:
                answer(words)
            self._say(f"{tag} OK done\r\n".encode())
            if name == "LOGOUT":
                return

    def on_capability(self, words):
        self._say(b"* CAPABILITY IMAP4rev1\r\n")

    def on_select(self, words):
        self._say(b"* %d EXISTS\r\n" % len(self.server.mails))

    def on_search(self, words):
        """Only reports that nobody has read, as the client asks for."""
        assert "UNSEEN" in words
        found = [
            number
            for number, text in self.server.mails.items()
            if number not in self.server.seen and b"multipart/report" in text
        ]
        self._say(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())

    def on_fetch(self, words):
        text = self.server.mails[int(words[2])]
        most = int(re.search(r"<0\.(\d+)>", " ".join(words))[1])
        part = text[:most]
        self._say(b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n" % (words[2].encode(), len(part)))
        self._say(part + b")\r\n")

    def on_store(self, words):
        self.server.seen.add(int(words[2]))

    def _behaves(self, name, tag):
        """Answer as the mood says at this word; return whether to go on as servers do."""
        mood = self.server.mood if name == self.server.at else ""
        if mood == "hang":
            self.server.over.wait(20)
        elif mood == "drip":
            while not self.server.over.wait(0.05):
                self._say(b"*")
        elif mood == "garbage":
            self._say(GARBAGE)
            self.server.over.wait(0.5)
        elif mood == "no":
            self._say(f"{tag} NO {self.server.settings['user']}\r\n".encode())
            return True
        return not mood

    def _say(self, text):
        self.wfile.write(text)
        self.wfile.flush()


def running_mailbox() -> AbstractContextManager[ImapServer]:
    server = ImapServer()
    return served(server, let_go=server.over.set)
