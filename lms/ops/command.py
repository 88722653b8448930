"""What the commands on backups share: progress by the clock, refusals as sentences."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from lms.core.refusal import Refusal

#: Exit codes beside 0 (done) and 1 (refused or failed, and nothing was changed).
NOT_VERIFIED: Final = 3
NOT_OFF_SITE: Final = 4


class BackupCommand(BaseCommand):
    # The database may be the very thing that is lost.
    requires_system_checks = ()

    def begin(self) -> None:
        """Let the clock of `say` begin."""
        self._begun = time.monotonic()
        self.say("begun")

    def say(self, what: str) -> None:
        """Print a step with the seconds since the first one."""
        self.stdout.write(f"{time.monotonic() - self._begun:7.1f} s  {what}")
        self.stdout.flush()

    @contextmanager
    def told(self, returncode: int = 1) -> Iterator[None]:
        """Say in a sentence what was refused, or what disk or database did not let through."""
        try:
            yield
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=returncode) from refusal
        except OSError as error:
            raise CommandError(f"The disk: {error}.", returncode=returncode) from error
        except (DatabaseError, sqlite3.Error) as error:
            said = str(error).strip()
            raise CommandError(f"The database: {said}.", returncode=returncode) from error
