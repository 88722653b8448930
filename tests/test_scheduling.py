"""What is looked at once in a process is looked at in one; long tests wait for nobody."""

from itertools import chain
from types import SimpleNamespace

import pytest
from xdist.remote import Producer

from tests.scheduling import ByPerson, LongFirst, in_order

PAGES, ADMIN = "tests/browser/test_pages.py", "tests/browser/test_admin.py"


@pytest.mark.parametrize(
    ("test", "scope"),
    [
        (f"{PAGES}::test_axe_finds_nothing[chromium-en-monitor]", f"{PAGES} monitor en"),
        (f"{PAGES}::test_targets_are_large_enough[chromium-trainee]", f"{PAGES} trainee vi"),
        (f"{ADMIN}::test_axe_finds_nothing_of_ours[chromium-part1]", f"{ADMIN} part1 vi"),
        (f"{ADMIN}::test_chooser_of_a_page_opens[chromium]", ADMIN),
        (
            "tests/browser/test_wording.py::test_words[chromium-monitor]",
            "tests/browser/test_wording.py",
        ),
    ],
)
def test_tests_that_look_at_the_same_pages_stay_together(test, scope):
    scheduler = object.__new__(ByPerson)

    assert scheduler._split_scope(test) == scope


class Node:
    """A process of pytest that runs what it is sent, and begins a test when it knows the next."""

    def __init__(self, name):
        self.gateway = SimpleNamespace(id=name)
        self.sent, self.shutting_down = [], False

    def send_runtest_some(self, indices):
        self.sent += indices

    def shutdown(self):
        self.shutting_down = True


@pytest.fixture
def dealt(tmp_path):
    """`dealt(tests)`: the files of which each of two processes ran a test, in turns of one each."""
    for number in range(4):
        (tmp_path / f"long{number}.py").write_text("@pytest.mark.process", encoding="utf-8")
    (tmp_path / "quick.py").write_text("", encoding="utf-8")
    options = {"maxschedchunk": None, "tx": ["2*popen"]}
    config = SimpleNamespace(
        getoption=options.get, getvalue=options.get, rootpath=tmp_path, hook=None
    )

    def deal(tests):
        scheduler = LongFirst(config, Producer("test", enabled=False))
        nodes = [Node("one"), Node("two")]
        for node in nodes:
            scheduler.add_node(node)
            scheduler.add_node_collection(node, tests)
        scheduler.schedule()
        ran = {node: [] for node in nodes}
        while scheduler.has_pending:
            before = sum(map(len, ran.values()))
            for node in nodes:
                waiting = scheduler.node2pending[node]
                if len(waiting) >= 2 or (waiting and node.shutting_down):
                    ran[node].append(tests[waiting[0]].partition("::")[0])
                    scheduler.mark_test_complete(node, waiting[0], duration=1)
            assert sum(map(len, ran.values())) > before, "nobody goes on"
        return [ran[node] for node in nodes]

    return deal


def test_files_of_real_processes_are_dealt_whole_to_whoever_is_free(dealt):
    long = [f"long{number}.py::{test}" for number in range(4) for test in "abc"]

    one, two = dealt([*long, *(f"quick.py::{test}" for test in range(100))])

    assert one[:6] == ["long0.py"] * 3 + ["long2.py"] * 3
    assert two[:6] == ["long1.py"] * 3 + ["long3.py"] * 3
    assert len(one) + len(two) == 112
    assert abs(len(one) - len(two)) < 20


@pytest.mark.parametrize("quick", range(4))
@pytest.mark.parametrize("long", range(5))
def test_every_test_is_run_however_few(dealt, long, quick):
    tests = [f"long{number}.py::a" for number in range(long)]
    tests += [f"quick.py::{number}" for number in range(quick)]

    ran = sorted(chain.from_iterable(dealt(tests)))
    assert ran == sorted(one.partition("::")[0] for one in tests)


def test_those_that_need_no_suite_go_first_and_nobody_waits_at_the_end():
    main_job, roll = "tests/e2e/test_main_job.py::test_main_job", "tests/attendance/test_roll.py"
    without = [f"{roll}::test_one", f"{roll}::test_two", "tests/test_alone.py::test_one"]
    # A file of which one test needs it waits as a whole: it is run by one process in one go.
    suite = [f"{ADMIN}::test_{name}" for name in "abc"]
    needs = {**dict.fromkeys(suite[:2], True), main_job: True}
    asked = {**needs, suite[2]: False, **dict.fromkeys(without[::-1], False)}

    assert in_order(asked) == [without[1], without[0], without[2], main_job, *suite]
