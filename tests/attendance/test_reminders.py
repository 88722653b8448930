from datetime import datetime, timedelta

import pytest

from attendance.reminders import SessionTomorrow
from courses.enums import EnrolmentStatus, RunStatus
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.domain.texts import short_text
from lms.notifications.extensions import reminder_kinds
from tests.factories.attendance import SessionFactory, enrol_many, make_class
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

KEY = SessionTomorrow.key
START = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)
DUE = START - timedelta(days=1)
DAYS_BEFORE = START - timedelta(days=3)


@shared
def people(run):
    people = enrol_many(run, 3)
    for number, person in enumerate(people):
        set_fields(person.user, email=f"mau-{number}@example.vn")
    return people


def plan(now=DAYS_BEFORE):
    """Plan and return what is there of this kind."""
    return rows_of(SessionTomorrow, now)


def messages(reminders, now=DUE):
    return messages_of(SessionTomorrow, reminders, now)


def test_everybody_who_counts_is_planned_for_the_day_before(session, people):
    set_fields(people[0], status=EnrolmentStatus.WITHDRAWN)
    assert plan(now=START) == []
    assert plan(now=START - timedelta(days=9)) == []
    assert [(r.user, r.due_at, r.expires_at) for r in plan()] == [
        (person.user, DUE, START) for person in people[1:]
    ]


def test_plan_again_adds_nothing_until_the_session_moves(session, people):
    plan()
    assert len(plan()) == 3
    session.starts_at += timedelta(hours=1)
    session.save()
    assert len([r for r in plan() if r.due_at == DUE + timedelta(hours=1)]) == 3


def test_class_that_is_not_open_is_not_planned(run, session, people):
    for status in set(RunStatus) - {RunStatus.OPEN}:
        set_fields(run, status=status)
        assert plan() == [], status


def test_message_says_what_when_and_where(run, session, people):
    set_fields(run, title="Lớp Kim Bảng")
    reminder = plan()[0]
    message = messages([reminder])[reminder.pk]
    for part in ("08:00–11:30", "06/05", "Buổi 1"):
        assert part in message.subject
        assert part in message.body
    for part in ("Lớp Kim Bảng", "Hội trường huyện", f"/buoi-hoc/{session.pk}/lich.ics"):
        assert part in message.body


def test_sms_says_when_and_where_without_marks_and_mail_carries_the_session(run, session, people):
    """Hours do not run together, and whoever has nothing but an old phone finds the place."""
    reminder = plan()[0]
    mail = messages([reminder])[reminder.pk]
    said = short_text(mail)
    assert said.text.endswith(": Ngay mai, 08:00-11:30, thu Ba 06/05: Buoi 1, Hoi truong huyen")
    assert said.parts == 1

    assert mail.calendar.method == "REQUEST"
    reminder.way = "sms"
    assert messages([reminder])[reminder.pk].calendar is None


@pytest.mark.parametrize("change", ["moved", "removed", "cancelled", "withdrawn", "begun"])
def test_message_is_left_out_when_no_longer_wanted(run, session, people, change):
    reminder = plan()[0]
    now = DUE
    if change == "moved":
        session.starts_at += timedelta(minutes=30)
        session.save()
    elif change == "removed":
        session.delete()
    elif change == "cancelled":
        set_fields(run, status=RunStatus.CANCELLED)
    elif change == "withdrawn":
        set_fields(people[0], status=EnrolmentStatus.WITHDRAWN)
    else:
        now = START
    assert messages([reminder], now=now) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_messages_cost_the_same_queries_for_any_number(
    run, session, django_assert_num_queries, count
):
    enrol_many(run, count)
    reminders = plan()
    # The enrolments that count, the sessions with their class, guests.
    with django_assert_num_queries(5):
        assert len(messages(reminders)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_plan_costs_the_same_queries_for_any_number(run, session, django_assert_num_queries, count):
    enrol_many(run, count)
    other = make_class("353", course=run.course)
    SessionFactory(run=other)
    enrol_many(other, count, commune="13591")
    rule = plan()[0].rule
    # Those of the class, guests, the sessions with their class.
    with django_assert_num_queries(3):
        planned = list(reminder_kinds.get(KEY).plan(rule=rule, now=DAYS_BEFORE))
    assert len(planned) == 2 * count
    assert {one.subject.run_id for one in planned} == {run.pk, other.pk}
    assert {(one.subject.session, one.subject.place) for one in planned} == {
        (one.title, one.where) for one in (session, other.sessions.get())
    }


def test_letter_goes_out_once_to_those_still_enrolled(session, people, mailoutbox):
    plan()
    set_fields(people[0], status=EnrolmentStatus.WITHDRAWN)
    assert send_due(now=DUE).sent == 2
    plan(now=DUE)
    assert send_due(now=DUE + timedelta(hours=1)) == SendReport()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["mau-1@example.vn", "mau-2@example.vn"]
