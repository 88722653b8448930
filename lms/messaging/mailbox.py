"""A mailbox over IMAP, read with an end: what its reports mean is for the domain to say."""

import imaplib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from django.conf import settings

from lms.messaging.http import hang_up_after

#: For each word of the server, and for all that is read at a time.
WORD_SECONDS: Final = 10
ALL_SECONDS: Final = 60
#: A report names the message in its first part; what a server adds behind is not looked at.
_LONGEST: Final = 256 * 1024
# Answers of people stay unread: a person reads them.
_REPORTS: Final = ("UNSEEN", "HEADER", "Content-Type", "multipart/report")


class MailboxError(Exception):
    """The mailbox could not be read, or not to the end: the next tick begins where this one ended."""


def is_set_up() -> bool:
    """Return whether this installation reads a mailbox."""
    return bool(settings.SUITE_BOUNCES)


class Mailbox:
    """The reports of a folder that nobody has read yet."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    def unread_reports(self, *, limit: int) -> Iterator[tuple[str, bytes]]:
        """Yield number and text of up to `limit` reports, the oldest first; leaves them unread."""
        (found,) = self._ask("SEARCH", None, *_REPORTS)
        for number in (found or b"").split()[:limit]:
            told = self._ask("FETCH", number.decode(), f"(BODY.PEEK[]<0.{_LONGEST}>)")
            text = next((part[1] for part in told if isinstance(part, tuple)), b"")
            yield number.decode(), text

    def mark_read(self, number: str) -> None:
        """Let this one not be yielded again; it stays in the folder."""
        self._ask("STORE", number, "+FLAGS.SILENT", "(\\Seen)")

    def _ask(self, *words: Any) -> list[Any]:
        status, told = self._line.uid(*words)
        if status != "OK":
            raise MailboxError(f"{words[0]}: {status}")
        return told


class _Limited:
    """A connection that ends after a while, counted from before the server has said its first word."""

    def open(self, *where: Any, **how: Any) -> None:
        super().open(*where, **how)  # type: ignore[misc]
        limit = hang_up_after(ALL_SECONDS, self.sock)  # type: ignore[attr-defined]
        self.ending = ExitStack()
        self.ending.enter_context(limit)


class _Line(_Limited, imaplib.IMAP4):
    pass


class _SealedLine(_Limited, imaplib.IMAP4_SSL):
    pass


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Open the folder that the settings name, for a minute at most.

    Raises MailboxError whatever is wrong with the line, the log-in or the answers.
    """
    said: dict[str, Any] = settings.SUITE_BOUNCES
    opener = _SealedLine if said["sealed"] else _Line
    try:
        line = opener(said["host"], said["port"], timeout=WORD_SECONDS)
        with line.ending:
            try:
                line.login(said["user"], said["password"])
                status, _told = line.select(f'"{said["folder"]}"')
                if status != "OK":
                    raise MailboxError("there is no such folder")
                yield Mailbox(line)
            finally:
                with suppress(OSError, imaplib.IMAP4.error):
                    line.logout()
                with suppress(OSError):
                    line.shutdown()
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        # Never the words of the server, in the log neither: they may repeat the log-in.
        raise MailboxError(type(error).__name__) from None
