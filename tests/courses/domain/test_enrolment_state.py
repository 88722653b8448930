"""One word for how an enrolment stands, wherever it is told."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse

from courses.domain.enrolment_state import enrolment_state, in_state
from courses.enums import EnrolmentState, EnrolmentStatus, RunStatus
from courses.models import CourseRun, Enrolment
from tests.factories.accounts import browse
from tests.factories.rows import set_fields
from tests.reading import html_of

FIRST_DAY = date(2014, 5, 5)
FIRST_MOMENT = datetime(2014, 5, 5, 17, tzinfo=UTC)
BEFORE, DURING = FIRST_DAY - timedelta(days=1), FIRST_DAY


@pytest.mark.parametrize(
    ("status", "run_status", "today", "state"),
    [
        (EnrolmentStatus.ACTIVE, RunStatus.PLANNED, BEFORE, EnrolmentState.TO_COME),
        (EnrolmentStatus.ACTIVE, RunStatus.OPEN, BEFORE, EnrolmentState.TO_COME),
        (EnrolmentStatus.ACTIVE, RunStatus.OPEN, DURING, EnrolmentState.LEARNING),
        (EnrolmentStatus.ACTIVE, RunStatus.CLOSED, DURING, EnrolmentState.NOT_COMPLETED),
        (EnrolmentStatus.ACTIVE, RunStatus.CLOSED, BEFORE, EnrolmentState.NOT_COMPLETED),
        (EnrolmentStatus.ACTIVE, RunStatus.CANCELLED, DURING, EnrolmentState.CANCELLED),
        (EnrolmentStatus.COMPLETED, RunStatus.CLOSED, DURING, EnrolmentState.COMPLETED),
        (EnrolmentStatus.WITHDRAWN, RunStatus.CANCELLED, DURING, EnrolmentState.WITHDRAWN),
    ],
)
def test_state_is_told_by_enrolment_and_class_together(status, run_status, today, state):
    run = CourseRun(status=run_status, starts_on=FIRST_DAY, ends_on=FIRST_DAY)

    assert enrolment_state(Enrolment(status=status, run=run), today=today) == state


@pytest.mark.sqlite("days in a query")
def test_query_and_word_say_the_same(enrolment):
    for status, run_status, today in product(EnrolmentStatus, RunStatus, [BEFORE, DURING]):
        done = FIRST_MOMENT if status == EnrolmentStatus.COMPLETED else None
        set_fields(enrolment, status=status, completed_at=done)
        set_fields(enrolment.run, status=run_status, starts_on=FIRST_DAY, ends_on=FIRST_DAY)

        found = [
            state
            for state in EnrolmentState
            if Enrolment.objects.filter(in_state(state, today=today)).exists()
        ]
        assert found == [enrolment_state(enrolment, today=today)], (status, run_status, today)


def test_pages_and_file_of_a_closed_class_call_nobody_a_learner(coordinator, enrolment, run):
    set_fields(run, status=RunStatus.CLOSED)
    client = browse(coordinator)

    for address in (
        reverse("courses:run_detail", args=[run.pk]),
        reverse("courses:enrolment_detail", args=[run.pk, enrolment.pk]),
        reverse("runs:inspect", args=[run.pk]),
    ):
        shown = html_of(client.get(address))
        assert str(EnrolmentState.NOT_COMPLETED.label) in shown, address
        assert str(EnrolmentState.LEARNING.label) not in shown, address

    tabs = client.get(reverse("courses:run_detail", args=[run.pk])).context["tabs"]
    assert [tab["label"] for tab in tabs][1] == EnrolmentState.NOT_COMPLETED.label
    sheet = client.get(reverse("courses:run_trainees_file", args=[run.pk]), {"export": "csv"})
    assert str(EnrolmentState.NOT_COMPLETED.label) in b"".join(sheet).decode("utf-8-sig")
