"""Commands that make derived rows anew; on sound data they change nothing."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone


class RebuildCommand(BaseCommand):
    """Puts right what differs, or with --check only says so: exit code 1 when anything does.

    Subclasses name their rows and answer with differences whose `str` is a line of the output.
    """

    rows = ""
    #: What is said where nothing differs.
    sound = ""

    def find_differences(self) -> Iterable[Any]:
        """Return what differs; write nothing."""
        raise NotImplementedError

    def rebuild(self, *, at: datetime) -> Iterable[Any]:
        """Put right what differs, and return it."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Only say what differs; exit code 1 when anything does.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["check"]:
            mended = self._tell(self.rebuild(at=timezone.now()))
            self.stdout.write(f"{mended} {self.rows} put right.")
        elif differing := self._tell(self.find_differences()):
            raise CommandError(f"{differing} {self.rows} differ from what they should be.")
        else:
            self.stdout.write(self.sound)

    def _tell(self, differences: Iterable[Any]) -> int:
        count = 0
        for difference in differences:
            self.stdout.write(str(difference))
            count += 1
        return count
