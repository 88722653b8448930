"""Who has not begun, has stopped, or did not finish in time is reminded, once a rule says so."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from courses.enums import EnrolmentStatus, RunStatus
from courses.learning_reminders import Inactive, NotCompleted, NotStarted, words_by_hand
from courses.models import LessonOpening, LessonPage
from lms.core.display import vi_date
from lms.core.local_time import local_moment
from lms.notifications.domain.planning import ensure_rules
from lms.notifications.models import ReminderRule
from tests.factories.courses import HANOI, EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reminding import planned, said
from tests.shared import shared

FIRST, LAST = date(2014, 5, 1), date(2014, 5, 31)
DAY = timedelta(days=1)


def at(day, hour=8):
    return datetime(2014, 5, day, hour, tzinfo=HANOI)


@shared
def run(edition):
    return make_run(make_course(), unit("350"), starts_on=FIRST, ends_on=LAST)


@shared
def learner(run):
    return EnrolmentFactory(run=run, unit=unit("13387"), enrolled_at=at(2, 10))


def opened(enrolment, moment):
    lesson = LessonPage.objects.first()
    return LessonOpening.objects.create(enrolment=enrolment, lesson=lesson, opened_at=moment)


def test_not_started_is_told_days_after_the_enrolment_and_no_longer_than_the_class(learner):
    (item,) = planned(NotStarted(), at(4))

    assert (item.user_id, item.due_at) == (learner.user_id, at(5, 10))
    assert item.expires_at == local_moment(LAST + DAY)
    assert item.subject.run_id == learner.run_id
    assert learner.run.title in said(NotStarted(), [item], at(5, 10))[learner.user_id].subject
    # Too far ahead, after the class, and due only after its end.
    assert planned(NotStarted(), at(1) - 10 * DAY) == []
    assert planned(NotStarted(), at(31) + DAY) == []
    assert planned(NotStarted(), at(30), lead_minutes=60 * 24 * 60) == []


def test_not_started_is_moot_once_a_lesson_was_opened(learner):
    items = planned(NotStarted(), at(4))
    opened(learner, at(4))

    assert planned(NotStarted(), at(4)) == []
    assert said(NotStarted(), items, at(5)) == {}


def test_not_started_leaves_out_classes_without_lessons(edition):
    empty = make_run(make_course("p3", lessons=0), unit("350"), starts_on=FIRST, ends_on=LAST)
    EnrolmentFactory(run=empty, unit=unit("13387"))

    assert planned(NotStarted(), at(4)) == []


def test_inactive_is_told_days_after_the_last_trace_and_anew_after_another(learner):
    assert planned(Inactive(), at(10)) == []
    opening = opened(learner, at(3, 20))
    (item,) = planned(Inactive(), at(10))
    assert item.due_at == at(10, 20)
    assert said(Inactive(), [item], at(11)).keys() == {learner.user_id}

    set_fields(opening, opened_at=at(10, 9))

    assert said(Inactive(), [item], at(11)) == {}
    (again,) = planned(Inactive(), at(11))
    assert (again.due_at, again.unique_key != item.unique_key) == (at(17, 9), True)


@pytest.mark.parametrize("status", [RunStatus.OPEN, RunStatus.CLOSED])
def test_not_completed_is_told_when_the_class_is_over(learner, status):
    set_fields(learner.run, status=status)

    (item,) = planned(NotCompleted(), at(28))

    assert item.due_at == at(31) + DAY
    assert said(NotCompleted(), [item], item.due_at).keys() == {learner.user_id}
    assert planned(NotCompleted(), at(31) + 40 * DAY) == []


def test_not_completed_is_moot_for_whoever_completed_the_course_anywhere(learner):
    items = planned(NotCompleted(), at(28))
    other = make_run(learner.run.course, unit("350"))
    done = {"status": EnrolmentStatus.COMPLETED, "completed_at": at(30), "completed_version": 1}
    EnrolmentFactory(run=other, unit=unit("13387"), user=learner.user, **done)

    assert said(NotCompleted(), items, at(31) + DAY) == {}


def test_they_come_switched_off(db):
    ensure_rules()
    rules = ReminderRule.objects.filter(kind__in=("courses.not_started", "courses.inactive"))
    assert set(rules.values_list("enabled", flat=True)) == {False}
    assert ReminderRule.objects.get(kind="courses.class_cancelled").enabled
    tomorrow = ReminderRule.objects.filter(kind="attendance.session_tomorrow").order_by("pk")
    told = tomorrow.values_list("shipped_as", "lead_minutes", "enabled")
    assert list(told) == [("standard", 1440, True), ("three_days", 4320, False)]


def test_reminder_by_hand_of_a_class_that_is_over_says_what_its_rule_says(learner):
    items = planned(NotCompleted(), at(31) + DAY)
    by_rule = said(NotCompleted(), items, at(31) + DAY)[learner.user_id]
    with translation.override("vi"):
        going_on = words_by_hand(run=learner.run, today=LAST)
        over = words_by_hand(run=learner.run, today=LAST + DAY)
        ensure_rules()
        rule = ReminderRule.objects.get(kind=NotCompleted.key)
        set_fields(rule, body_vi="Chào {name}, lớp {run} đã xong ngày {day}.")
        own = words_by_hand(run=learner.run, today=LAST + DAY)
        ahead = words_by_hand(run=learner.run, today=learner.run.starts_on - DAY)

    assert over == {"subject": by_rule.subject, "text": by_rule.body}
    # Of one that goes on it would be wrong to say that it has ended.
    assert by_rule.values["day"] not in going_on["text"]
    # Nor that one which is to come is not completed.
    assert vi_date(learner.run.starts_on) in ahead["text"]
    assert ahead["subject"] != going_on["subject"]
    # Nobody's name stands in what is said to all of them.
    assert own["subject"] == over["subject"]
    assert own["text"].endswith(f"{learner.run.title} đã xong ngày {by_rule.values['day']}.")
    assert learner.user.full_name not in own["text"]
