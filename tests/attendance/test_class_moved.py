"""A class that is held at another place is told once, to everybody who is to come there."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar
from wagtail.models import ModelLogEntry

from attendance.class_moved_reminder import ClassMoved
from attendance.models import Session
from courses.domain.runs import MOVED_PLACE, announce_change
from courses.enums import RunStatus
from lms.notifications.domain.sending import send_due
from lms.notifications.enums import ReminderState
from lms.notifications.models import Reminder
from tests.factories.accounts import log_in
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.courses import HANOI
from tests.factories.notifications import ReminderFactory
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of

BEFORE = datetime(2014, 5, 5, 9, tzinfo=HANOI)
SOON = timedelta(minutes=5)
LATER = timedelta(minutes=30)


@pytest.fixture
def person(run, session):
    (person,) = enrol_many(run, 1)
    set_fields(person.user, email="mau@example.vn")
    set_fields(person, enrolled_at=BEFORE - LATER)
    # Not so soon that the session itself is told of, too.
    begin = BEFORE + timedelta(days=3)
    set_fields(session, place="", starts_at=begin, ends_at=begin + timedelta(hours=3))
    return person


def move(run, place, by, at=BEFORE):
    before = {"place": run.place}
    set_fields(run, place=place)
    announce_change(run=run, before=before, by=by, at=at)


def planned(now=BEFORE):
    return rows_of(ClassMoved, now)


def messages(reminders, now=BEFORE + LATER):
    return [one.body for one in messages_of(ClassMoved, reminders, now).values()]


def test_trainees_and_the_other_trainers_are_told_where_it_was_and_is(
    run, session, person, trainer, other_trainer
):
    run.trainers.add(other_trainer)
    was = run.place
    move(run, "Trường Lê Hồng Phong", trainer)

    found = planned()

    assert {one.user for one in found} == {person.user, other_trainer}
    for word in (was, "Trường Lê Hồng Phong", session.title, "09:00"):
        assert word in messages(found)[0]


def test_entry_of_the_next_session_in_a_calendar_follows_where_there_is_one(
    run, session, person, trainer
):
    SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1), place="")
    other, later = enrol_many(run, 2)
    for one in (other, later):
        set_fields(one, enrolled_at=BEFORE - LATER)
    set_fields(later.user, email="sau@example.vn")
    ReminderFactory(
        user=person.user,
        rule__kind="attendance.session_tomorrow",
        state=ReminderState.SENT,
        payload={"session": session.pk},
    )
    move(run, "Trường Lê Hồng Phong", trainer)

    found = {one.pk: one for one in planned()}
    said = messages_of(ClassMoved, list(found.values()), BEFORE + LATER)

    events = {found[pk].user_id: message.calendar for pk, message in said.items()}
    part = events.pop(person.user_id)
    assert set(events.values()) == {None}
    assert (part.uid, part.method) == (str(session.calendar_uid), "REQUEST")
    assert "Trường Lê Hồng Phong" in Calendar.from_ical(part.text).walk("VEVENT")[0]["LOCATION"]


def test_two_moves_soon_after_each_other_are_one_and_the_next_starts_from_there(
    run, person, trainer, mailoutbox
):
    was = run.place
    move(run, "Nhà A", trainer)
    planned()
    move(run, "Nhà B", trainer, at=BEFORE + SOON)
    planned(BEFORE + SOON)
    send_due(now=BEFORE + LATER)
    move(run, "Nhà C", trainer, at=BEFORE + LATER)
    planned(BEFORE + LATER)
    send_due(now=BEFORE + 2 * LATER)

    first, second = (mail.body for mail in mailoutbox)
    assert (was in first, "Nhà A" in first, "Nhà B" in first) == (True, False, True)
    assert (was in second, "Nhà B" in second, "Nhà C" in second) == (False, True, True)


def test_move_that_was_taken_back_or_concerns_nobody_is_told_to_nobody(run, person, trainer):
    was = run.place
    move(run, "Nhà A", trainer)
    move(run, was, trainer, at=BEFORE + SOON)
    assert messages(planned(BEFORE + SOON)) == []
    Reminder.objects.all().delete()

    Session.objects.update(place="Nhà văn hoá")
    move(run, "Nhà C", trainer, at=BEFORE + LATER)
    assert planned(BEFORE + LATER) == []
    # One session of several at the place of the class is enough; whoever came later knows it.
    set_fields(person, enrolled_at=BEFORE + 2 * LATER)
    SessionFactory(run=run, starts_at=BEFORE + timedelta(days=2), place="")
    assert planned(BEFORE + LATER) == []


def test_class_that_is_not_open_tells_nobody(run, person, trainer):
    move(run, "Nhà A", trainer)
    found = planned()
    for status in set(RunStatus) - {RunStatus.OPEN}:
        set_fields(run, status=status)
        assert messages(found) == [], status
        Reminder.objects.all().delete()
        assert planned() == [], status


def test_place_that_is_changed_in_the_form_of_the_class_is_told(run, person):
    client = log_in("coordinator", "350")
    address = reverse("runs:edit", args=[run.pk])
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"starts_on": "2014-05-06", "ends_on": "2014-05-07", "place": "Nhà A"}
    was = run.place

    answer = client.post(address, {name: one for name, one in values.items() if one is not None})

    assert answer.status_code == 302, answer.context["form"].errors
    entry = ModelLogEntry.objects.get(action=MOVED_PLACE)
    assert entry.data == {"before": was, "after": "Nhà A"}
    assert entry.object_id == str(run.pk)
