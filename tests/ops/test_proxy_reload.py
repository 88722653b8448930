"""What goes on beside nginx: it is told when web is elsewhere, and of new certificates."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.ops.compose import PROJECT

ROUNDS_OF_SIX_HOURS = 6 * 3600 // 30
AT_ONE, AT_TWO, NOWHERE = "172.18.0.3 web", "172.18.0.7 web", ""
# Each round begins with what the name server says then; without a further one the waiting ends.
PROGRAMS = {
    "sleep": """
        [ -s rounds ] || exit 1
        head -n 1 rounds > address
        tail -n +2 rounds > rest
        mv rest rounds
    """,
    "getent": """
        [ "$*" = "hosts web" ] || exit 2
        cat address
    """,
    "nginx": """
        echo "$* $(cat address)" >> reloads
        [ "$(wc -l < reloads)" -gt "$(cat refusals)" ]
    """,
}


@pytest.fixture
def reloads(tmp_path: Path):
    """What nginx was told, at which address of web, in rounds in which web has these addresses."""
    for name, program in PROGRAMS.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{program}", encoding="ascii")
        path.chmod(0o755)

    def run(*rounds: str, refusals: int = 0) -> list[str]:
        for name, text in {
            "address": AT_ONE,
            "rounds": "".join(f"{one}\n" for one in rounds),
            "reloads": "",
            "refusals": f"{refusals}",
        }.items():
            (tmp_path / name).write_text(text, encoding="ascii")
        subprocess.run(
            [PROJECT / "deploy/proxy/reload.sh"],
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "WEB": "web:8000"},
            # To the end of what it leaves running, which holds these open.
            capture_output=True,
            check=True,
            timeout=60,
        )
        return (tmp_path / "reloads").read_text(encoding="ascii").splitlines()

    return run


def test_nothing_is_done_while_web_is_where_it_was_or_away(reloads):
    assert reloads(AT_ONE, NOWHERE, AT_ONE) == []


def test_web_that_came_back_elsewhere_is_found_once(reloads):
    assert reloads(NOWHERE, AT_TWO, AT_TWO, AT_ONE) == [
        f"-s reload {AT_TWO}",
        f"-s reload {AT_ONE}",
    ]


def test_refused_reload_is_tried_again(reloads):
    assert reloads(AT_TWO, AT_TWO, AT_TWO, refusals=1) == [f"-s reload {AT_TWO}"] * 2


def test_new_certificate_is_taken_up_within_six_hours(reloads):
    assert reloads(*[AT_ONE] * (ROUNDS_OF_SIX_HOURS - 1)) == []
    assert reloads(*[AT_ONE] * (ROUNDS_OF_SIX_HOURS + 1)) == [f"-s reload {AT_ONE}"]
