"""Commands that change everybody ask whether this is a server with real records."""

import json
import os
import re
import subprocess
import sys

import pytest

from lms.settings.monitoring import own_folder
from tests.ops.compose import defaults_of_compose, settings_variables
from tests.ops.test_second_factor_setting import NEEDED, ROOT
from tests.services import HUNG_SECONDS


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
        timeout=HUNG_SECONDS,
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


# Names in two languages are told once the apps are there: that takes seconds, and is done once. Each
# environment is read in a copy of the process that knows no settings yet.
TELL_ALL = """
import importlib, json, os, sys
import django
django.setup()
for name in [name for name in sys.modules if name.startswith("lms.settings")]:
    del sys.modules[name]
for environment in json.load(sys.stdin):
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit(f"Not a setting of production: {environment}")
        continue
    os.environ.update(environment)
    settings = vars(importlib.import_module("lms.settings.production"))
    print(json.dumps({name: repr(settings[name]) for name in settings if name.isupper()}), flush=True)
    os._exit(0)
"""


def settings_told(folder, *environments):
    """Every setting of production in each of these, as a text that two processes write alike."""
    production = {"DJANGO_SETTINGS_MODULE": "lms.settings.production", "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", TELL_ALL],
        cwd=ROOT,
        env={**NEEDED, **production, "SUITE_DATA_DIR": str(folder)},
        input=json.dumps(environments),
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=True,
    )
    return [json.loads(line) for line in re.sub(r" at 0x[0-9a-f]+", "", done.stdout).splitlines()]


def test_without_compose_holds_what_compose_falls_back_to(tmp_path):
    """Whoever sets nothing gets the same in a cluster, and from a unit of systemd."""
    settings = set(settings_variables())
    by_compose = {name: one for name, one in defaults_of_compose().items() if name in settings}

    told, without = settings_told(tmp_path, by_compose, {})

    assert len(told) > 100
    assert told == without


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
