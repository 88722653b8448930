"""A class is cancelled: its next session is told at once, and leaves the calendars it came into by mail."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from attendance.reminders import SessionOfCancelledClass, SessionTomorrow
from courses.domain.runs import cancel_run
from lms.notifications.enums import ReminderState
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import ReminderRule
from tests.attendance.test_change_reminders import BEFORE
from tests.factories.attendance import enrol_many
from tests.factories.notifications import ReminderFactory, ReminderRuleFactory
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

KIND = SessionOfCancelledClass
EVENING = BEFORE.replace(hour=22)


@shared
def people(run, session, trainer):
    """One has an entry of the session from a mail, one does not; the class begins on the next morning."""
    invited, other = enrol_many(run, 2)
    set_fields(invited.user, email="mau@example.vn")
    rule = ReminderRuleFactory(kind=SessionTomorrow.key)
    ReminderFactory(
        rule=rule,
        user=invited.user,
        state=ReminderState.SENT,
        payload={"session": session.pk},
        due_at=BEFORE - timedelta(hours=1),
        expires_at=session.starts_at,
    )
    return invited, other


def test_what_was_to_begin_soon_is_told_to_everybody_at_night_as_well(run, people, trainer):
    cancel_run(run=run, reason="Bão số 3", at=EVENING)

    for _ in range(2):
        reminders = rows_of(KIND, EVENING)

    assert {one.user for one in reminders} == {*(one.user for one in people), trainer}
    assert {(one.due_at, one.urgent) for one in reminders} == {(EVENING, True)}


def test_entry_that_came_by_mail_is_taken_out_again(run, session, people):
    invited, _other = people
    two_days_before = session.starts_at - timedelta(days=2)
    cancel_run(run=run, reason="Bão số 3", at=two_days_before)

    (reminder,) = rows_of(KIND, two_days_before)
    said = messages_of(KIND, [reminder], two_days_before)

    assert (reminder.user, reminder.urgent) == (invited.user, False)
    message = said[reminder.pk]
    assert message.values["reason"] == "Bão số 3"
    assert message.calendar.method == "CANCEL"
    (event,) = Calendar.from_ical(message.calendar.text).walk("VEVENT")
    assert (event["UID"], event["STATUS"]) == (str(session.calendar_uid), "CANCELLED")
    assert event["SEQUENCE"] > session.revision


def test_what_is_over_is_told_nobody(run, session, people):
    cancel_run(run=run, reason="Bão số 3", at=EVENING)
    reminders = rows_of(KIND, EVENING)

    assert messages_of(KIND, reminders, session.ends_at) == {}


@pytest.mark.parametrize("cancelled", [False, True])
def test_planning_costs_one_query_while_no_class_was_cancelled(
    run, people, cancelled, django_assert_num_queries
):
    if cancelled:
        cancel_run(run=run, reason="Bão số 3", at=EVENING)
    # Then also trainers, people and entries.
    with django_assert_num_queries(5 if cancelled else 1):
        list(reminder_kinds.get(KIND.key).plan(rule=ReminderRule(kind=KIND.key), now=EVENING))
