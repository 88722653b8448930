"""Commands that change everybody ask whether this is a server with real records."""

import os
import subprocess
import sys

import pytest

from lms.settings.monitoring import own_folder
from tests.ops.test_second_factor_setting import NEEDED, ROOT


def told_by(name, setting, folder, **environment):
    """What a setting is in a process of its own."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import lms.settings.{name} as settings; print(settings.{setting})",
        ],
        cwd=ROOT,
        env={**kept, **NEEDED, "SUITE_DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_space_after_a_comma_belongs_to_no_name(tmp_path):
    hosts = {"ALLOWED_HOSTS": "tap-huan.example.vn, www.example.vn"}

    assert told_by("production", "ALLOWED_HOSTS", tmp_path, **hosts) == (
        "['tap-huan.example.vn', 'www.example.vn']"
    )


@pytest.mark.parametrize(("name", "expected"), [("production", "True"), ("dev", "False")])
def test_production_says_that_it_is(name, expected, tmp_path):
    assert told_by(name, "SUITE_PRODUCTION", tmp_path) == expected


def test_counts_of_containers_long_gone_make_room(tmp_path):
    for age in range(40):
        folder = tmp_path / f"container-{age}"
        folder.mkdir()
        (folder / "counter_7.db").touch()
        os.utime(folder, (10_000 - age, 10_000 - age))
    (tmp_path / "only-a-command").mkdir()

    own = own_folder(tmp_path)

    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {own.name, "only-a-command", *(f"container-{age}" for age in range(30))}
