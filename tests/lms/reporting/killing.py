"""Two who work on the kept figures of `test_tally_killed.py` until they are killed with -9.

`python -m tests.lms.reporting.killing`: in each round one changes posts and classes while another counts anew, and
both die in the middle of it; then another counts alone and dies in front of its next query. What is kept has to be
right every time. `DATABASE_URL` says where.
"""

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count as count_from
from random import Random

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction
from django.utils.timezone import localdate

from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import Cadre, Sex
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.tally_keeping import find_differences, update_tallies

# Before which query whoever counts dies: all through one tick, and into the next.
STEPS = range(2, 34, 4)

Tell = Callable[[], None]
Work = Callable[[Random, Tell], None]


def change(chance: Random, tell: Tell) -> None:
    """Change something for ever, some of it never committed."""
    units = list(AdministrativeUnit.objects.communes().values_list("pk", flat=True))
    people = list(User.objects.filter(postings__isnull=False).values_list("pk", flat=True))
    while True:
        with transaction.atomic():
            user, unit = chance.choice(people), chance.choice(units)
            Posting.objects.filter(user=user).update(
                unit=unit, cadre=chance.choice([Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER])
            )
            tell()
            User.objects.filter(pk=user).update(sex=chance.choice(Sex.values))
            Enrolment.objects.filter(user=user).update(unit=unit)
            tell()
            if chance.random() < 0.2:
                CourseRun.objects.update(
                    status=chance.choice([RunStatus.PLANNED, RunStatus.CANCELLED])
                )
            transaction.set_rollback(chance.random() < 0.2)
        tell()


def count(chance: Random, tell: Tell) -> None:
    """Count anew for ever, telling before each query."""

    def told(execute, *query):
        tell()
        return execute(*query)

    with connection.execute_wrapper(told):
        while True:
            update_tallies(on=localdate())


def start(work: Work, *, seed: int, steps: int = 0) -> tuple[int, int]:
    """Return the process that does this work, and where it tells of each step; after so many it stands still."""
    heard, told = os.pipe()
    if pid := os.fork():
        os.close(told)
        return pid, heard
    os.close(heard)
    taken = count_from(1)

    def tell() -> None:
        os.write(told, b".")
        if next(taken) == steps:
            signal.pause()

    try:
        work(Random(seed), tell)
    finally:
        # It works until it is killed: whoever comes here has failed.
        traceback.print_exc()
        os._exit(1)


def kill_when_still(counting: tuple[int, int], *others: tuple[int, int], steps: int) -> None:
    """Wait until the one that counts stands still; then nobody may say goodbye."""
    for _step in range(steps):
        if not os.read(counting[1], 1):
            raise RuntimeError("whoever counted has failed")
    for pid, _heard in (counting, *others):
        os.kill(pid, signal.SIGKILL)
    for pid, heard in (counting, *others):
        os.close(heard)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != -signal.SIGKILL:
            raise RuntimeError("one of them had failed before")


def kill_round(steps: int) -> None:
    """Kill both at work, then one that counts what they have left behind; look after each."""
    changing = start(change, seed=steps)
    both = start(count, seed=steps, steps=steps)
    kill_when_still(both, changing, steps=steps)
    look(f"both were killed at step {steps}")
    kill_when_still(start(count, seed=steps, steps=steps), steps=steps)
    look(f"who counted alone was killed at step {steps}")


def look(after: str) -> None:
    """Raise where a kept figure is wrong of which nothing is noted."""
    if wrong := list(find_differences(on=localdate())):
        raise RuntimeError(f"{len(wrong)} wrong after {after}, such as {wrong[0]}")
    connection.close()


if __name__ == "__main__":
    for steps in STEPS:
        kill_round(steps)
