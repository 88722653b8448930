"""Saves database and files as one encrypted file, and proves it by restoring it beside."""

from argparse import ArgumentParser
from typing import Any

from lms.ops.command import NOT_VERIFIED, BackupCommand
from lms.ops.folder import work_folder
from lms.ops.keys import backup_key, new_key
from lms.ops.saving import save_suite
from lms.ops.verifying import verify


class Command(BackupCommand):
    help = (
        "Save database and files as one encrypted file and verify it in a scratch database. "
        f"Exit codes: 0 done; 1 no backup was made; {NOT_VERIFIED} made, but not verified."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="Print a new key and end.")
        parser.add_argument(
            "--no-verify", action="store_true", help="Do not restore it into a scratch database."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(new_key())
            return
        with self.told(), work_folder() as work:
            key = backup_key()
            self.say("begun")
            backup, manifest = save_suite(work, key, self.say)
            self.say(f"made {backup} ({backup.stat().st_size} bytes)")
            for name in manifest.missing:
                self.stderr.write(f"A row names a file that is not there: {name}")
            if not options["no_verify"]:
                with self.told(NOT_VERIFIED):
                    verify(backup, key, work)
                self.say("verified in a scratch database")
