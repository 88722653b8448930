"""Whom one can be in a trial of the suite; nobody where the people are real."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings


def demo_accounts() -> list[dict[str, str]]:
    """`label`, `login` and `password` of each made-up account; empty outside a trial."""
    return _listed() if settings.SUITE_DEMO else []


@cache
def _listed() -> list[dict[str, str]]:
    path = Path(settings.FIXTURES_DIR) / "demo" / "accounts.toml"
    if not path.is_file():
        return []
    accounts: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["accounts"]
    return accounts
