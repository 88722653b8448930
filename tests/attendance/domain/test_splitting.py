"""A session becomes two: what is kept, what is refused, and that people hear of it once."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.domain.excuses.decisions import ask_excuse
from attendance.domain.sessions.cancelling import cancel_session
from attendance.domain.sessions.scheduling import SessionPlan, change_session
from attendance.domain.sessions.splitting import SplitPlan, split_session
from attendance.models import Session
from attendance.reminders import SessionChanged
from lms.core.refusal import Refusal
from tests.attendance.test_change_reminders import messages, move
from tests.factories.accounts import browse
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, record_mark
from tests.factories.courses import HANOI
from tests.factories.rows import set_fields
from tests.refusing import raises_refusal
from tests.reminding import rows_of
from tests.shared import shared

BEFORE = datetime(2014, 5, 5, 9, tzinfo=HANOI)
LATER = timedelta(minutes=30)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2014, 5, 6, int(hour), int(minute), tzinfo=HANOI)


@shared
def day(run):
    """A whole day: 08:00 to 16:30 with 60 minutes of breaks."""
    return SessionFactory(
        run=run, title="Cả ngày", ends_at=at("16:30"), break_minutes=60, room="P2", seats=30
    )


@shared
def person(run):
    (person,) = enrol_many(run, 1)
    set_fields(person.user, email="mau@example.vn")
    return person


def cut(first="11:30", second="13:30", **fields):
    fields.setdefault("second_title", "Buổi chiều")
    return SplitPlan(first_ends=at(first), second_starts=at(second), **fields)


def test_both_parts_are_like_the_whole(day, trainer):
    first, second = split_session(
        session=day, plan=cut(first_break_minutes=15), by=trainer, at=BEFORE
    )

    assert (first.pk, first.minutes, second.minutes) == (day.pk, 195, 180)
    assert (second.title, second.room, second.place) == ("Buổi chiều", "P2", day.place)
    assert (first.seats, second.seats) == (30, 30)
    assert (second.starts_at, second.ends_at) == (at("13:30"), at("16:30"))
    assert day.run.sessions.count() == 2


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (cut("13:30", "11:30"), "parts_overlap"),
        (cut("08:10", "13:30"), "session_too_short"),
        (cut("11:30", "16:20"), "session_too_short"),
        (cut("11:30", "16:30"), "ends_before_start"),
    ],
)
def test_cut_that_leaves_no_session_is_refused(day, trainer, plan, code):
    with raises_refusal(code):
        split_session(session=day, plan=plan, by=trainer, at=BEFORE)

    assert Session.objects.count() == 1


def test_what_was_noted_or_asked_of_the_whole_is_of_no_half(day, person, trainer):
    ask_excuse(session=day, enrolment=person, reason="Ốm", at=BEFORE)
    with pytest.raises(Refusal) as asked:
        split_session(session=day, plan=cut(), by=trainer, at=BEFORE)

    record_mark(session=day, enrolment=person, by=trainer, at=IN_CLASS)
    with pytest.raises(Refusal) as noted:
        split_session(session=day, plan=cut(), by=trainer, at=BEFORE)

    assert (asked.value.code, noted.value.code) == ("session_has_excuses", "session_has_marks")


def test_cancelled_session_cannot_be_split_and_opens_no_form(day, trainer):
    cancel_session(session=day, reason="Bão", by=trainer, at=BEFORE)

    with raises_refusal("session_cancelled"):
        split_session(session=day, plan=cut(), by=trainer, at=BEFORE)
    page = browse(trainer).get(reverse("attendance:session_split", args=[day.pk]))
    assert page.url == reverse("courses:run_detail", args=[day.run_id])


def test_split_is_told_once_with_both_parts(day, person, trainer):
    split_session(session=day, plan=cut(), by=trainer, at=BEFORE)

    (reminder,) = rows_of(SessionChanged, BEFORE + LATER)
    (body,) = messages([reminder], BEFORE + LATER)

    assert "08:00–16:30" in body
    assert "08:00–11:30" in body
    assert "Buổi chiều" in body
    assert "13:30–16:30" in body


def test_another_name_raises_the_revision_and_keeps_the_news_of_a_move(day, person, trainer):
    moved = move(day, trainer, 9)
    plan = SessionPlan(
        title="Tên khác", starts_at=moved.starts_at, ends_at=moved.ends_at, place=moved.place
    )
    named = change_session(session=moved, plan=plan, by=trainer, at=BEFORE + timedelta(minutes=1))

    assert (moved.revision, named.revision) == (1, 2)
    (reminder,) = rows_of(SessionChanged, BEFORE + LATER)
    assert len(messages([reminder], BEFORE + LATER)) == 1


def test_page_splits_and_keeps_what_was_typed_when_refused(day, as_trainer, other_trainer):
    address = reverse("attendance:session_split", args=[day.pk])
    typed = {"first_ends": "11:30", "second_starts": "10:00", "second_title": "Chiều"}
    assert as_trainer.get(address).context["form"]["second_title"].value() == day.title

    refused = as_trainer.post(address, typed)
    assert "parts_overlap" in [
        error.code for error in refused.context["form"].errors.as_data()["second_starts"]
    ]
    as_trainer.post(address, typed | {"second_starts": "13:30"})

    assert [timezone.localtime(one.starts_at).hour for one in Session.objects.all()] == [8, 13]
    assert browse(other_trainer).get(address).status_code == 404
