"""Names that vulture leaves alone are the same whether its patterns are asked one by one or at once."""

import tomllib
from pathlib import Path

import pytest
from vulture import core

from tests.dead_code import match_at_once

ROOT = Path(__file__).resolve().parents[1]
OURS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
NAMES = (
    "late_share",
    "late_shares",
    "a_late_share",
    "@register",
    "@register.filter",
    "Register",
    "",
)


@pytest.mark.parametrize(
    "patterns",
    [
        [],
        ["late_share"],
        ["late_*", "@register.*"],
        ["?egister", "[@]register"],
        OURS["ignore_names"],
        OURS["ignore_decorators"],
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_left_alone(name, patterns):
    assert match_at_once(name, patterns) == core._match(name, patterns)


def test_paths_are_compared_as_before():
    path = Path("/somewhere/tests/test_a.py")

    assert core._is_test_file(path)
    assert match_at_once(path, ["*/tests/*"], case=False)
    assert not match_at_once(path, ["*/lms/*"], case=False)
