"""`manage.py maintenance on|off|status`: the page that says the suite is being upgraded."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.core.maintenance import begin_maintenance, end_maintenance, maintenance_end

LONGEST = 24 * 60


class Command(BaseCommand):
    help = (
        "Shows the page of maintenance on this machine, for some minutes at most, or takes it away."
    )
    # An upgrade begins and ends with it, whatever else is not in order meanwhile.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", choices=["on", "off", "status"])
        parser.add_argument("--minutes", type=int, default=60, help="after which it ends by itself")

    def handle(self, *, state: str, minutes: int, **options: Any) -> None:
        if minutes not in range(1, LONGEST + 1):
            raise CommandError(f"--minutes is a number from 1 to {LONGEST}, not {minutes}.")
        if state == "on":
            begin_maintenance(minutes=minutes)
        elif state == "off":
            end_maintenance()
        end = maintenance_end()
        self.stdout.write(
            f"Maintenance until {timezone.localtime(end):%H:%M, %d/%m/%Y} at the latest."
            if end
            else "No maintenance: the suite answers as always."
        )
