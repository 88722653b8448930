"""A folder on another disk or a mounted share, in which a file is there whole or not at all."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the name and renames at the end: killed half-way, there is no backup."""

    def _save(self, name: str, content: Any) -> str:
        unfinished = f"{name}.part"
        # A rest of a run that was killed.
        self.delete(unfinished)
        super()._save(unfinished, content)  # type: ignore[misc]
        written = Path(self.path(unfinished))
        with written.open("rb") as file:
            os.fsync(file.fileno())
        written.rename(self.path(name))
        return name
