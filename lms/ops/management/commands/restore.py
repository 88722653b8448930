"""Puts a backup in the place of the database and the files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from lms.ops.command import BackupCommand
from lms.ops.folder import work_folder
from lms.ops.keys import backup_key
from lms.ops.places import fetch
from lms.ops.restoring import restore


class Command(BackupCommand):
    help = (
        "Restore database and files from a backup. Stop the suite first; run “migrate” after it. "
        "Exit codes: 0 done; 1 refused or failed, and the database is as it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "backup", type=Path, help="The file, or its name at the second place (backup --list)."
        )
        parser.add_argument(
            "--replace",
            metavar="NAME",
            default="",
            help="The name of the database, typed out: needed where people are in it.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with self.told(), work_folder() as work:
            self.begin()
            restore(
                fetch(options["backup"], work),
                backup_key(),
                work,
                replace=options["replace"],
                say=self.say,
            )
        self.stdout.write("Restored. Now run “manage.py migrate”, then start the suite.")
