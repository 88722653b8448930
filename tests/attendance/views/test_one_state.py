"""One word for how a session stands, on every page that says it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.enums import SessionState
from attendance.panels import EnrolmentAttendance, RunAdminSessions, RunSessions
from courses.enums import RunStatus
from tests.factories.accounts import browse
from tests.factories.rows import set_fields

LENGTH = timedelta(hours=2, minutes=30)
MINUTE = timedelta(minutes=1)


def said(request, session, person):
    """What the pages of class, admin, person and the own calendar say of the only session."""
    run = session.run
    panels = (
        (RunSessions(), run),
        (RunAdminSessions(), run),
        (EnrolmentAttendance(), person),
    )
    lines = [panel.context(request, subject)["lines"] for panel, subject in panels]
    page = browse(person.user).get(reverse("attendance:my_sessions")).context
    lines.append([line for part in ("coming", "past") for m in page[part] for line in m["lines"]])
    return [line["state"] for part in lines for line in part]


@pytest.mark.parametrize(
    ("begun", "state"),
    [
        (-MINUTE, SessionState.TO_COME),
        (timedelta(0), SessionState.UNDER_WAY),
        (LENGTH - MINUTE, SessionState.UNDER_WAY),
        (LENGTH, SessionState.OVER),
    ],
)
def test_every_page_says_the_same(rf, run, session, person, trainer, begun, state):
    """Whatever the hour: a session of two hours and a half may lie across midnight."""
    request = rf.get("/")
    request.user = trainer
    begin = timezone.now() - begun
    set_fields(session, starts_at=begin, ends_at=begin + LENGTH, counted_at=None)
    session.refresh_from_db()

    assert said(request, session, person) == [state] * 4

    set_fields(run, status=RunStatus.CANCELLED)
    session.run.refresh_from_db()
    person.run.refresh_from_db()
    assert said(request, session, person) == [SessionState.CANCELLED] * 4
