"""What is to go warns by its own class, and is gone in the version that it named."""

import re
import tomllib
from pathlib import Path

import pytest

from lms.core.deprecation import RemovedLaterWarning, warn_of_removal

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("lms", "courses", "attendance", "certificates", "fixtures")


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def test_warning_names_the_caller_and_the_way_on():
    with pytest.warns(RemovedLaterWarning, match=r"old goes in version 0\.4: use new") as caught:
        warn_of_removal("old", instead="new", removed_in="0.4", stacklevel=1)

    assert caught[0].filename == __file__


def test_nothing_is_overdue():
    described = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    now = numbers(tomllib.loads(described)["project"]["version"])
    overdue = [
        (str(path.relative_to(ROOT)), version)
        for package in PRODUCT
        for path in (ROOT / package).rglob("*.py")
        for version in re.findall(r'removed_in="([\d.]+)"', path.read_text(encoding="utf-8"))
        if numbers(version) <= now
    ]

    assert overdue == []
