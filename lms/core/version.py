"""Which version of the suite this is."""

import tomllib
from pathlib import Path

from django.conf import settings


def suite_version() -> str:
    """Return the version of this code."""
    described = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(described)["project"]["version"])
