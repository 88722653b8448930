"""Which process of pytest runs which tests."""

import re
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScheduling, LoadScopeScheduling
from xdist.workermanage import WorkerController

# The end of a test's id: “chromium-en-monitor”, “chromium-part0” in brackets; whoever
# names no language means Vietnamese.
_LOOKED_AT = re.compile(r"\[chromium-(?:(?P<language>vi|en)-)?(?P<pages>\w+)\]$")
_LOOKING = ("/browser/test_pages.py", "/browser/test_admin.py")
# One test looks at as many pages as so many others open.
_LOOKS = {"tests/browser/test_admin.py": 8, "tests/browser/test_pages.py": 5}
# What others wait for begins before most: when the last tests ask, the worker has done its part. Not
# first of all: right after the start the worker writes what it finds to do in the demo.
_AWAITED = {"tests/e2e/test_main_job.py": 6}


class ByPerson(LoadScopeScheduling):
    """The pages of one person in one language are looked at in one process, else a file's tests.

    Those of the admin, which take as long as all of one person's, in parts.

    What xdist has for this, `xdist_group`, leaves no trace in the test ids of pytest 9.2.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        # `in_order` has said which come first.
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid)


def _scope(nodeid: str) -> str:
    file, _colons, _test = nodeid.partition("::")
    looked_at = _LOOKED_AT.search(nodeid)
    if looked_at is None or not file.endswith(_LOOKING):
        return file
    return f"{file} {looked_at['pages']} {looked_at['language'] or 'vi'}"


def in_order(needs_suite: dict[str, bool]) -> list[str]:
    """Return the ids of tests, those of one scope beside each other, so that no core is idle.

    Whoever needs no running suite goes before the others: it is still getting ready. After that
    the scopes with the most to do.
    """
    sizes = Counter(_AWAITED)
    for scope in map(_scope, needs_suite):
        file, _space, looked_at = scope.partition(" ")
        sizes[scope] += _LOOKS[file] if looked_at else 1
    late = {_scope(nodeid) for nodeid, needs in needs_suite.items() if needs}

    def place(nodeid: str) -> tuple[bool, int, str]:
        scope = _scope(nodeid)
        return scope in late, -sizes[scope], scope

    return sorted(needs_suite, key=place)


class LongFirst(LoadScheduling):
    """Whoever is free takes the next file of real processes; the rest is dealt as xdist does.

    Its first portions are of a hundred tests, and the long ones stand first: one process had them
    all, one after the other, and was busy long after the others. A file stays whole, as its tests
    may share an installation.
    """

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        has_enough = len(self.node2pending[node]) >= 2
        if not (has_enough and self._count_next(waiting=0)):
            super().check_schedule(node, duration)

    def _send_tests(self, node: WorkerController, num: int) -> None:
        waiting = len(self.node2pending[node])
        count = self._count_next(waiting)
        # A process begins a test when it knows the one after it.
        is_too_few = waiting + count < 2
        super()._send_tests(node, count + num if is_too_few or not count else count)

    def _count_next(self, waiting: int) -> int:
        """Return how many tests of real processes come next, in as many whole files as make two."""
        count = 0
        names = (self.collection[index].partition("::")[0] for index in self.pending)
        for file, tests in groupby(names):
            if waiting + count >= 2 or not _starts_processes(self.config.rootpath / file):
                break
            count += len(list(tests))
        return count


@cache
def _starts_processes(file: Path) -> bool:
    return "mark.process" in file.read_text(encoding="utf-8")
