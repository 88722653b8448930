"""The random search: it ends in time, and a failure can be repeated."""

import re
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from django.db.models.sql.compiler import SQLCompiler
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.accounts.models import User
from tests import fuzz
from tests.chance import ROOT, SEARCH, commit_seed, shuffle_rows
from tests.factories.accounts import UserFactory
from tests.fuzz import Round, Search

OUTPUT = """
=========================== short test summary info ============================
FAILED tests/lms/test_a.py::test_list[Bắc Lý - 1] - AssertionError: assert 1 == 2
ERROR tests/lms/test_b.py
!!!!!!!!!!!!!!!!!!!!!!!!!! stopping after 1 failures !!!!!!!!!!!!!!!!!!!!!!!!!!!
"""

# What the tests printed below ask nothing of, and what takes a second to be there.
WITHOUT = [
    f"-pno:{name}" for name in ("django", "playwright", "slipcover", "faker", "xdist", "valkey")
]
PRINTED = """
import random
import pytest
from hypothesis import given, strategies as st

@pytest.mark.parametrize("number", range(9))
def test_order(number):
    print("got", number, random.random())

@given(st.integers())
def test_examples(number):
    print("got", number)
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """`stand_in(body)`: a program to run where pytest would be."""

    def write(body):
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setattr(fuzz.sys, "executable", str(path))

    return write


def test_seed_of_a_commit_is_the_same_each_time():
    assert commit_seed() == commit_seed() < 2**32


def test_run_of_pytest_searches_nothing_at_random():
    assert settings.get_profile("commit").derandomize
    assert not settings.get_profile(SEARCH).derandomize


def test_failure_names_seed_and_tests_to_repeat():
    told = Round(tests="not process", seed=17).explain(OUTPUT)

    alone, all_before = [line for line in told.splitlines() if line.startswith("  PYTHON")]
    seeds = ["PYTHONHASHSEED=17", "--randomly-seed=17", "--hypothesis-seed=17"]
    assert all(seed in line for seed in seeds for line in (alone, all_before))
    assert "'tests/lms/test_a.py::test_list[Bắc Lý - 1]' tests/lms/test_b.py" in alone
    assert all_before.endswith("-x -m 'not process'")


def test_search_ends_with_the_first_failure(stand_in):
    stand_in(f"cat <<'END'\n{OUTPUT}END\nexit 1")

    failure = Search(seconds=60).run(["one", "other"])

    assert "FAILED with seed" in failure
    assert "test_list[Bắc Lý - 1]" in failure


@pytest.mark.process
def test_search_ends_when_the_time_is_up(stand_in):
    stand_in("exec sleep 60")
    search = Search(seconds=1)
    begun = time.monotonic()

    assert search.run(["one", "other"]) is None
    assert (search.rounds, time.monotonic() - begun < 30) == (2, True)


@pytest.mark.process
def test_seed_gives_the_same_order_and_the_same_examples(tmp_path):
    """Two runs of tests that print what chance gives them."""
    (tmp_path / "conftest.py").write_text(
        "from tests.chance import register_profiles\nregister_profiles()\n", encoding="utf-8"
    )
    (tmp_path / "test_chance.py").write_text(PRINTED, encoding="utf-8")

    def got(seed):
        *command, _tests = Round(tests="", seed=seed).command
        command = [sys.executable, *command, "", "-s", *WITHOUT, str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return re.findall("got .*", done.stdout)

    first = got(17)
    assert len(first) > 9 + 100
    assert first == got(17) != got(18)


def test_examples_hang_on_no_module_that_was_loaded_before(tmp_path, monkeypatch):
    got = []

    @settings(settings.get_profile("commit"))
    @given(st.integers(), st.text())
    def note(number, text):
        got.append((number, text))

    note()
    first, got[:] = tuple(got), ()
    module = tmp_path / "loaded_meanwhile.py"
    module.write_text("\n".join(f"N{n} = {n}_271_828, 'Số {n}'" for n in range(1, 400)))
    spec = spec_from_file_location("loaded_meanwhile", module)
    monkeypatch.setitem(sys.modules, "loaded_meanwhile", module_from_spec(spec))
    note()

    assert tuple(got) == first


@pytest.mark.django_db
def test_search_gives_rows_that_nothing_orders_in_any_order(monkeypatch):
    for name in ("get_order_by", "results_iter"):
        monkeypatch.setattr(SQLCompiler, name, getattr(SQLCompiler, name))
    made = [UserFactory().pk for _ in range(20)]
    shuffle_rows()

    unordered = list(User.objects.order_by().values_list("pk", flat=True))

    assert sorted(unordered) == made != unordered
    assert list(User.objects.order_by("pk").values_list("pk", flat=True)) == made
