"""`manage.py purge_imports [--write]`: files and rows of imports that can no longer be undone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.importing.domain.purging import describe_outdated, purge


class Command(BaseCommand):
    help = "Say which files and rows of imports would be purged; with --write, purge them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="Purge, instead of telling.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["write"]:
            purged = str(purge(at=now))
            self.stdout.write(_("Purged imports: %(count)s.") % {"count": purged})
            return
        lines = list(describe_outdated(at=now))
        for line in lines:
            self.stdout.write(line)
        count = {"count": str(len(lines))}
        self.stdout.write(
            _("Imports that would be purged: %(count)s. Nothing was written.") % count
        )
