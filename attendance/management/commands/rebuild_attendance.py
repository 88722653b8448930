"""Make every attendance record anew from the marks; on sound data this changes nothing."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendance.domain.rebuilding import Difference, find_differences, rebuild_records


class Command(BaseCommand):
    help = "Derive all attendance records from the marks and put right what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Only say what differs; exit code 1 when anything does.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        else:
            mended = self._tell(rebuild_records(at=timezone.now()))
            self.stdout.write(f"{mended} attendance records put right.")

    def _check(self) -> None:
        if differing := self._tell(find_differences()):
            raise CommandError(f"{differing} attendance records differ from their marks.")
        self.stdout.write("Every attendance record follows from its marks.")

    def _tell(self, differences: Iterable[Difference]) -> int:
        lines = [
            f"session {difference.session_id}, enrolment {difference.enrolment_id}: "
            f"{difference.fault}"
            for difference in differences
        ]
        for line in lines:
            self.stdout.write(line)
        return len(lines)
