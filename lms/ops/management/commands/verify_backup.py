"""Proves a backup by restoring it beside the live database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from lms.ops.command import BackupCommand
from lms.ops.folder import work_folder
from lms.ops.keys import backup_key
from lms.ops.verifying import verify


class Command(BackupCommand):
    help = (
        "Restore a backup into a scratch database and compare rows, certificates and the register. "
        "Exit codes: 0 it is sound; 1 it is not, or could not be tried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        with self.told(), work_folder() as work:
            manifest = verify(options["backup"], backup_key(), work)
        self.stdout.write(
            f"Sound: made at {manifest.made_at} by version {manifest.suite}, "
            f"{sum(manifest.facts.tables.values())} rows, {len(manifest.files)} files."
        )
        for name, proof in manifest.facts.proofs.items():
            self.stdout.write(f"{name}: {proof['count']}, sha256 {proof['sha256']}")
