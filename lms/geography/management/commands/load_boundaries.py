"""`manage.py load_boundaries [FOLDER]`: the official lists of units, edition by edition."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.geography.domain.files import SHIPPED, BoundaryFileRefusal
from lms.geography.domain.loading import load_boundaries


class Command(BaseCommand):
    help = "Load the boundary editions of a folder; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=SHIPPED,
            help="holds editions.csv, units_*.csv and successions.csv (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = load_boundaries(folder=options["folder"])
        except BoundaryFileRefusal as error:
            raise CommandError(_("Nothing was loaded. %(reason)s") % {"reason": error}) from error
        self.stdout.write(
            _(
                "%(editions)s boundary editions (%(editions_added)s new), "
                "%(units)s units (%(units_added)s new), "
                "%(successions)s successions (%(successions_added)s new)."
            )
            % vars(result)
        )
