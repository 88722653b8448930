"""A class of a past day stands as it was noted last, in whatever order the database reads."""

from datetime import date, datetime

import pytest

from courses.domain.history import _noted_runs, run_facts_at
from courses.enums import RunStatus
from courses.models import RunChange
from tests.factories.courses import HANOI
from tests.factories.reporting import make_world

pytestmark = pytest.mark.django_db


def test_class_stands_as_it_was_noted_last(edition):
    run = make_world(edition).runs["350"]
    RunChange.objects.filter(run=run).delete()
    # Written in the other order than they are numbered.
    for number, day in ((1_002, 2), (1_001, 1)):
        RunChange.objects.create(
            pk=number,
            run=run,
            status=RunStatus.OPEN,
            starts_on=date(2014, 6, day),
            at=datetime(2014, 5, day, 8, tzinfo=HANOI),
        )

    asked = {"before": datetime(2014, 7, 1, tzinfo=HANOI), "programme_id": run.programme_id}
    assert run_facts_at(**asked)[run.pk].starts_on == date(2014, 6, 2)
    # Each class once: of two rows the database would decide which is read last.
    found = [one.pk for one in _noted_runs(**asked, users=None)]
    assert len(found) == len(set(found))
