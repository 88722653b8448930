"""Find anew what everybody has and lacks; on sound data this changes nothing."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.domain.rebuilding import Difference, find_differences, rebuild_progress


class Command(BaseCommand):
    help = "Ask all criteria about all enrolments and put right what differs."

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
            mended = self._tell(rebuild_progress(at=timezone.now()))
            self.stdout.write(f"{mended} rows of progress put right.")

    def _check(self) -> None:
        if differing := self._tell(find_differences()):
            raise CommandError(f"{differing} rows of progress differ from what is found.")
        self.stdout.write("Every row of progress says what is found.")

    def _tell(self, differences: Iterable[Difference]) -> int:
        count = 0
        for difference in differences:
            self.stdout.write(
                f"enrolment {difference.enrolment_id}, {difference.criterion}: {difference.fault}"
            )
            count += 1
        return count
