"""Arrived and left by the clock: on a page of its own, in the field of minutes, and in a batch."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.enums import AttendanceStatus, MarkMethod
from attendance.models import AttendanceMark, AttendanceRecord
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, SessionFactory, entry, take_roll
from tests.factories.rows import set_fields
from tests.reading import error_codes, html_of
from tests.shared import shared

PRESENT, LATE, EXCUSED, ABSENT = AttendanceStatus.values


@shared
def going_on(run):
    """A session of two hours that began an hour ago; its clock is asked of it."""
    begin = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    return SessionFactory(
        run=run, starts_at=begin, ends_at=begin + timedelta(hours=2), counted_at=None
    )


def clock_url(session, person):
    return reverse("attendance:clock", args=[session.pk, person.pk])


def clock(moment):
    return timezone.localtime(moment).strftime("%H:%M")


def noted(person):
    mark = AttendanceMark.objects.filter(enrolment=person).latest("pk")
    return mark.status, mark.minutes_late, mark.minutes_left_early


def send(client, session, trainer, person, **mark):
    body = {
        "reader": trainer.pk,
        "since": 0,
        "marks": [{"enrolment": person.pk, "client_id": str(uuid4()), **mark}],
    }
    url = reverse("attendance:roll_lines", args=[session.pk])
    return client.post(url, json.dumps(body), content_type="application/json").json()


def test_arrival_and_leaving_are_noted_on_the_page(as_trainer, session, person):
    url = clock_url(session, person)
    roll = reverse("attendance:roll_call", args=[session.pk])

    sent = as_trainer.post(url, {"arrived": "8h40", "left": "10:55"})
    assert sent.url == f"{roll}#hoc-vien-{person.pk}"
    assert noted(person) == (LATE, 40, 35)
    assert AttendanceRecord.objects.get().minutes == 135
    assert f'href="{person.pk}/gio/"' in html_of(as_trainer.get(roll))
    # The same again is no correction.
    as_trainer.post(url, {"arrived": "0840"})
    assert AttendanceMark.objects.count() == 1


def test_what_cannot_be_is_refused_and_kept(as_trainer, session, person):
    for typed, code in (
        ({}, "no_time"),
        ({"arrived": "sớm"}, "time_unreadable"),
        ({"arrived": "11:30"}, "arrived_after_end"),
        ({"left": "8:00"}, "left_before_start"),
        ({"arrived": "10:00", "left": "9:00"}, "minutes_left_early_too_many"),
    ):
        page = as_trainer.post(clock_url(session, person), {**typed, "reason": "Nhầm"})
        assert error_codes(page.context["form"]) == {"__all__": [code]}
        assert page.context["form"]["reason"].value() == "Nhầm"
    assert not AttendanceMark.objects.exists()


def test_leaving_is_added_without_a_reason_until_the_day_is_over(
    session, person, trainer, other_trainer
):
    """Whatever the hour at which the tests run."""
    first = [entry(person, LATE, minutes_late=15)]
    take_roll(session=session, entries=first, by=other_trainer, at=IN_CLASS)
    left = [entry(person, LATE, minutes_late=15, minutes_left_early=30)]
    evening = IN_CLASS.replace(hour=23, minute=59)

    after = take_roll(session=session, entries=left, by=trainer, at=evening + timedelta(minutes=1))
    assert noted(person) == (LATE, 15, 0)
    assert [one.code for one in after.refused.values()] == ["reason_required"]
    take_roll(session=session, entries=left, by=trainer, at=evening)
    assert noted(person) == (LATE, 15, 30)
    assert AttendanceMark.objects.latest("pk").method == MarkMethod.ROLL_CALL


def test_leaving_is_added_without_a_reason_on_the_page_of_the_day_itself(
    as_trainer, going_on, person, other_trainer
):
    mark = [entry(person, LATE, minutes_late=15)]
    begin = going_on.starts_at
    take_roll(session=going_on, entries=mark, by=other_trainer, at=begin)
    left = {"left": clock(begin + timedelta(minutes=90))}
    if timezone.localdate(going_on.ends_at) != timezone.localdate():
        pytest.skip("Over midnight.")

    assert as_trainer.post(clock_url(going_on, person), left).status_code == 302
    assert noted(person) == (LATE, 15, 30)
    assert AttendanceMark.objects.latest("pk").method == MarkMethod.ROLL_CALL


def test_leaving_that_is_noted_days_later_asks_for_a_reason(as_trainer, session, person, trainer):
    take_roll(session=session, entries=[entry(person)], by=trainer, at=IN_CLASS)
    url = clock_url(session, person)

    page = as_trainer.post(url, {"left": "10:55"})
    assert page.context["form"].errors.as_data()["__all__"][0].code == "reason_required"
    as_trainer.post(url, {"left": "10:55", "reason": "Con ốm"})
    assert noted(person) == (PRESENT, 0, 35)
    assert AttendanceMark.objects.latest("pk").method == MarkMethod.CORRECTION


def test_absent_person_who_comes_is_corrected(as_trainer, session, person, other_trainer):
    take_roll(session=session, entries=[entry(person, ABSENT)], by=other_trainer, at=IN_CLASS)
    url = clock_url(session, person)

    assert as_trainer.post(url, {"left": "10:55"}).status_code == 200
    as_trainer.post(url, {"left": "10:55", "reason": "Đến sau"})
    assert noted(person) == (PRESENT, 0, 35)


def test_page_is_not_for_others_nor_for_a_day_to_come(as_trainer, session, person, other_trainer):
    url = clock_url(session, person)
    assert browse(other_trainer).get(url).status_code == 404
    tomorrow = timezone.now() + timedelta(days=1)
    set_fields(session, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2))

    assert as_trainer.get(url).url == reverse("attendance:roll_call", args=[session.pk])


@pytest.mark.parametrize(
    ("typed", "statement"),
    [("8h40", (LATE, 40, 0)), ("7:50", (PRESENT, 0, 0)), ("15", (LATE, 15, 0)), ("", (LATE, 0, 0))],
)
def test_field_of_minutes_takes_a_time(as_trainer, session, trainer, person, typed, statement):
    url = reverse("attendance:roll_call", args=[session.pk])
    sent = {f"status-{person.pk}": LATE, f"late-{person.pk}": typed, "seen": "0"}
    assert as_trainer.post(url, {**sent, "action": "save"}).url == url
    assert noted(person) == statement

    answer = send(as_trainer, session, trainer, person, status=LATE, minutes_late=typed)
    assert (answer["unchanged"], answer["refused"]) == ([person.pk], {})


def test_time_after_the_end_is_told_beside_the_line(as_trainer, session, person):
    url = reverse("attendance:roll_call", args=[session.pk])
    sent = {f"status-{person.pk}": LATE, f"late-{person.pk}": "13h", "seen": "0"}

    page = as_trainer.post(url, {**sent, "action": "save"})
    [line] = page.context["wrong"]
    assert (line.selection.minutes_late, bool(line.error)) == ("13h", True)


def test_batch_notes_leaving_and_refuses_a_line_alone(as_trainer, session, trainer, person):
    answer = send(as_trainer, session, trainer, person, status=PRESENT, left="10:55")
    assert answer["saved"] == [person.pk]
    assert noted(person) == (PRESENT, 0, 35)
    assert answer["lines"][0]["noted"].startswith("về sớm 35 phút")

    answer = send(as_trainer, session, trainer, person, status=PRESENT, left="7:00")
    assert answer["refused"][str(person.pk)]["code"] == "left_before_start"
