"""What goes on beside nginx: it is told when web is elsewhere, and of new certificates."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.ops.compose import PROJECT
from tests.services import HUNG_SECONDS

ROUNDS_OF_SIX_HOURS = 6 * 3600 // 30
AT_ONE, AT_TWO, NOWHERE = "172.18.0.3 web", "172.18.0.7 web", ""
# Each round begins with what the name server says then; without a further one the waiting ends. They
# start no other program: there are hundreds of rounds.
PROGRAMS = {
    "sleep": """
        read -r round < round
        round=$((round + 1))
        [ -e "at-$round" ] && echo "$round" > round
    """,
    "getent": """
        [ "$*" = "hosts web" ] || exit 2
        read -r round < round
        read -r address < "at-$round"
        echo "$address"
    """,
    "nginx": """
        [ "$*" = "-s reload" ] || exit 2
        read -r round < round
        echo "$round" >> reloads
        [ "$(wc -l < reloads)" -gt "$(cat refusals)" ]
    """,
}


@pytest.fixture
def reloads(tmp_path: Path):
    """The rounds in which nginx was told to reload, where web has these addresses."""
    for name, program in PROGRAMS.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{program}", encoding="ascii")
        path.chmod(0o755)

    def run(*rounds: str, refusals: int = 0) -> list[int]:
        for name, text in {
            "round": "0\n",
            "reloads": "",
            "refusals": f"{refusals}",
            **{f"at-{number}": f"{one}\n" for number, one in enumerate((AT_ONE, *rounds))},
        }.items():
            (tmp_path / name).write_text(text, encoding="ascii")
        subprocess.run(
            [PROJECT / "deploy/proxy/reload.sh"],
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "WEB": "web:8000"},
            # To the end of what it leaves running, which holds these open.
            capture_output=True,
            check=True,
            timeout=HUNG_SECONDS,
        )
        return [int(one) for one in (tmp_path / "reloads").read_text(encoding="ascii").split()]

    return run


def test_nothing_is_done_while_web_is_where_it_was_or_away(reloads):
    assert reloads(AT_ONE, NOWHERE, AT_ONE) == []


def test_web_that_came_back_elsewhere_is_found_once(reloads):
    assert reloads(NOWHERE, AT_TWO, AT_TWO, AT_ONE) == [2, 4]


def test_refused_reload_is_tried_again(reloads):
    assert reloads(AT_TWO, AT_TWO, AT_TWO, refusals=1) == [1, 2]


def test_new_certificate_is_taken_up_after_six_hours(reloads):
    assert reloads(*[AT_ONE] * (ROUNDS_OF_SIX_HOURS + 9)) == [ROUNDS_OF_SIX_HOURS]
