"""Saves database and files as one encrypted file, and proves it by restoring it beside."""

import re
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError
from django.db import close_old_connections

from lms.ops.command import NOT_OFF_SITE, NOT_VERIFIED, BackupCommand
from lms.ops.folder import mark_of, work_folder
from lms.ops.keys import backup_key, new_key
from lms.ops.places import copy_off_site, last_made, list_backups, rotate
from lms.ops.saving import save_suite
from lms.ops.verifying import verify

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
# After a fault the next try comes sooner than the next backup would.
_RETRY: Final = timedelta(hours=1)


def interval(text: str) -> timedelta:
    """Read 90m, 24h or 7d."""
    found = re.fullmatch(r"([1-9]\d{0,3})([mhd])", text)
    if not found:
        raise ArgumentTypeError(f"{text} is no time: 90m, 24h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


class Command(BackupCommand):
    help = (
        "Save database and files as one encrypted file, verify it in a scratch database, copy it "
        f"off-site, delete old ones. Exit codes: 0 done; 1 no backup was made; {NOT_VERIFIED} made, "
        f"but not verified; {NOT_OFF_SITE} made and verified, but the second place or the old ones "
        "made trouble."
    )

    # Made, and not yet verified, copied and the old ones deleted.
    _unfinished: Path | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="Print a new key and end.")
        parser.add_argument("--list", action="store_true", help="Print what there is and end.")
        parser.add_argument(
            "--no-verify", action="store_true", help="Do not restore it into a scratch database."
        )
        parser.add_argument(
            "--every",
            type=interval,
            metavar="TIME",
            help="Stay and make one each time the last is as old as this (90m, 24h, 7d).",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(new_key())
        elif options["list"]:
            with self.told():
                self._list()
        elif options["every"]:
            self._stay(options["every"], no_verify=options["no_verify"])
        else:
            self._make(no_verify=options["no_verify"])

    def _list(self) -> None:
        for place, one in list_backups():
            mark = "verified" if one.verified else "not verified"
            self.stdout.write(f"{one.name}  {place}, {mark}")

    def _make(self, *, no_verify: bool) -> None:
        self.begin()
        with self.told(), work_folder() as work:
            self._unfinished, manifest = save_suite(work, backup_key(), self.say)
        self.say(f"made {self._unfinished} ({self._unfinished.stat().st_size} bytes)")
        for name in manifest.missing:
            self.stderr.write(f"A row names a file that is not there: {name}")
        self._finish(self._unfinished, no_verify=no_verify)

    def _finish(self, backup: Path, *, no_verify: bool) -> None:
        """Verify a backup unless that was done, copy it off-site, delete old ones."""
        if not (no_verify or mark_of(backup).exists()):
            with self.told(NOT_VERIFIED), work_folder() as work:
                verify(backup, backup_key(), work)
            self.say("verified in a scratch database")
        with self.told(NOT_OFF_SITE):
            if copy_off_site(backup):
                self.say("copied to the second place")
            rotate(self.say)
        self._unfinished = None

    def _stay(self, every: timedelta, *, no_verify: bool) -> None:
        has_failed = False
        while True:
            wait(min(every, _RETRY) if has_failed else until_due(every))
            try:
                # One that is made is not made again: the disk would fill while a second place is away.
                if self._unfinished and until_due(every) > timedelta(0):
                    self._finish(self._unfinished, no_verify=no_verify)
                else:
                    self._make(no_verify=no_verify)
                has_failed = False
            except CommandError as error:
                has_failed = True
                self.stderr.write(f"{error} The next try is in {min(every, _RETRY)}.")
            finally:
                close_old_connections()


def until_due(every: timedelta) -> timedelta:
    """Return how long the newest backup is young enough; nothing or less when one is due."""
    last = last_made()
    return last.at + every - datetime.now(UTC) if last else timedelta(0)


def wait(span: timedelta) -> None:
    time.sleep(max(0.0, span.total_seconds()))
