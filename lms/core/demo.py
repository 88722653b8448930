"""Whom one can be in a trial of the suite; nobody where the people are real."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings


def demo_accounts() -> list[dict[str, str]]:
    """Return `label`, `login` and `password` of each made-up account; empty outside a trial."""
    if not settings.SUITE_DEMO:
        return []
    try:
        return list(read_accounts().values())
    except FileNotFoundError:
        return []


def read_accounts() -> dict[str, dict[str, str]]:
    """Return every account that the demo data makes, by role, whether this is a trial or not.

    Raises FileNotFoundError where the demo data is not shipped.
    """
    return _read(Path(settings.FIXTURES_DIR) / "demo" / "accounts.toml")


@cache
def _read(path: Path) -> dict[str, dict[str, str]]:
    accounts = tomllib.loads(path.read_text(encoding="utf-8"))["accounts"]
    return {account["role"]: account for account in accounts}
