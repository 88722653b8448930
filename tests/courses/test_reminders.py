from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from courses.criteria import LessonsRead, QuizzesPassed
from courses.domain.runs import cancel_run
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import LessonPage, QuizAttempt
from courses.reminders import ClassCancelled, UnfinishedLessons
from lms.notifications.domain.planning import plan_reminders
from lms.notifications.domain.sending import SendReport, send_due
from lms.notifications.extensions import reminder_kinds
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    HANOI,
    EnrolmentFactory,
    ask,
    make_course,
    make_quiz,
    make_run,
    note_progress,
    read_lessons,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reminding import messages_of, rows_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

KEY = "courses.unfinished_lessons"
LAST_DAY = date(2014, 5, 10)
DUE = datetime(2014, 5, 7, 8, 0, tzinfo=HANOI)


@shared
def course(edition):
    course = make_course(lessons=2)
    make_quiz(course.get_children().get().specific)
    return course


@shared
def run(course):
    """A class of two lessons and a quiz that ends on 10/05/2014."""
    run = make_run(course, unit("350"), title="Lớp Kim Bảng", ends_on=LAST_DAY)
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    return run


def enrol(run, **fields):
    user = fields.pop("user", None) or UserFactory(
        email=f"{UserFactory.build().staff_code}@example.vn"
    )
    return EnrolmentFactory(run=run, unit=unit("13384"), user=user, **fields)


def read(enrolment, lessons):
    read_lessons(enrolment, *LessonPage.objects.order_by("path")[:lessons], at=DUE)


def pass_quiz(enrolment):
    quiz = LessonPage.objects.first().get_parent().specific.quiz
    QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=1,
        started_at=DUE,
        submitted_at=DUE,
        score=1,
        max_score=2,
        percent=50,
    )
    note_progress(enrolment.run, enrolment)


def plan(now=DUE - timedelta(days=5)):
    """The rows of this kind alone, as planned five days before they are due."""
    return rows_of(UnfinishedLessons, now)


def messages(reminders, now=DUE):
    return messages_of(UnfinishedLessons, reminders, now)


def explained(criterion, achieved, required, **params):
    with translation.override("vi"):
        return f"- {criterion.explain(achieved=achieved, required=required, params=params)}\n"


# --- Who is planned for, and when ---------------------------------------------------


def test_plan_reminds_three_days_before_the_last_day_at_eight(run):
    enrolment = enrol(run)

    (reminder,) = plan()

    assert reminder.user == enrolment.user
    assert reminder.unique_key == f"{KEY}:{enrolment.pk}:2014-05-10"
    assert reminder.due_at == DUE
    assert reminder.expires_at == datetime(2014, 5, 11, 0, 0, tzinfo=HANOI)
    assert reminder.payload == {"enrolment": enrolment.pk, "ends_on": "2014-05-10"}


def test_plan_follows_the_rule_and_reminds_anew_when_the_class_is_prolonged(run):
    enrol(run)
    (first,) = plan()
    set_fields(run, ends_on=LAST_DAY + timedelta(days=2))
    (second,) = plan()
    assert second.due_at == DUE + timedelta(days=2)
    assert list(messages([first, second])) == [second.pk]

    set_fields(run, ends_on=LAST_DAY)
    ReminderRule.objects.filter(kind=KEY).update(lead_minutes=60)
    assert plan() == []
    assert [one.due_at for one in plan(DUE)] == [datetime(2014, 5, 10, 7, 0, tzinfo=HANOI)]


def test_plan_leaves_out_who_is_no_longer_in_progress_and_a_class_that_is_not_open(run):
    enrol(run, status=EnrolmentStatus.COMPLETED, completed_at=DUE)
    enrol(run, status=EnrolmentStatus.WITHDRAWN)
    assert plan() == []

    enrol(run)
    for status in set(RunStatus) - {RunStatus.OPEN}:
        set_fields(run, status=status)
        assert plan() == [], status
    set_fields(run, status=RunStatus.OPEN)
    assert len(plan()) == 1


@pytest.mark.parametrize(
    ("now", "planned"),
    [
        (datetime(2014, 4, 29, 23, 59, tzinfo=HANOI), 0),
        (datetime(2014, 4, 30, 0, 0, tzinfo=HANOI), 1),
        (datetime(2014, 5, 10, 23, 59, tzinfo=HANOI), 1),
        (datetime(2014, 5, 11, 0, 0, tzinfo=HANOI), 0),
    ],
)
def test_plan_looks_a_week_further_than_the_lead_time_and_never_back(run, now, planned):
    enrol(run)

    assert len(plan(now)) == planned


@pytest.mark.parametrize("people", [1, 3])
def test_query_count_of_plan_and_messages(run, people, django_assert_num_queries):
    for _ in range(people):
        enrol(run)
    rule = ReminderRule(kind=KEY, lead_minutes=60)
    with django_assert_num_queries(1):
        assert len(list(UnfinishedLessons().plan(rule=rule, now=DUE))) == people
    reminders = plan()
    # The enrolments with their classes, and what they lack.
    with django_assert_num_queries(2):
        assert len(messages(reminders)) == people


# --- What they are told --------------------------------------------------------------


def test_messages_name_only_what_is_missing_and_where_to_go_on(run, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://taphuan.example.vn"
    half, reader = enrol(run), enrol(run)
    read(half, lessons=1)
    read(reader, lessons=2)
    reminders = plan()
    told = messages(reminders)
    of = {one.user: told[one.pk] for one in reminders}

    message = of[half.user]

    assert "10/05/2014" in message.subject
    assert message.subject.endswith("Lớp Kim Bảng")
    assert "10/05/2014" in message.body
    assert explained(LessonsRead(), 1, 2, percent=100) in message.body
    assert explained(QuizzesPassed(), 0, 1, pass_percent=50) in message.body
    assert message.body.endswith("https://taphuan.example.vn/viec-cua-toi/")
    assert of[reader.user].body.count("\n- ") == 1
    assert explained(QuizzesPassed(), 0, 1, pass_percent=50) in of[reader.user].body


def test_messages_leave_out_who_has_done_it_all(run):
    enrolment, other = enrol(run), enrol(run)
    read(enrolment, lessons=2)
    pass_quiz(enrolment)
    reminders = plan()

    (told,) = messages(reminders)
    assert [one.user for one in reminders if one.pk == told] == [other.user]


def test_messages_leave_out_who_lacks_only_what_another_app_asks(course):
    run = make_run(course, unit("350"), ends_on=LAST_DAY)
    ask(run, attendance_hours={"percent": 100})
    enrol(run)

    assert messages(plan()) == {}


@pytest.mark.parametrize("change", ["withdrawn", "cancelled"])
def test_messages_leave_out_what_ended_meanwhile(run, change):
    enrolment = enrol(run)
    reminders = plan()
    if change == "withdrawn":
        set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    else:
        set_fields(run, status=RunStatus.CANCELLED)

    assert messages(reminders) == {}


def test_messages_tell_two_classes_apart(course, run):
    other = make_run(course, unit("353"), title="Lớp Lý Nhân", ends_on=LAST_DAY)
    ask(other, lessons={"percent": 100})
    user = UserFactory(email="mau@example.vn")
    enrolments = {enrol(one, user=user).pk: one for one in (run, other)}
    reminders = plan()

    told = messages(reminders)

    assert len(reminders) == 2
    for reminder in reminders:
        assert enrolments[reminder.payload["enrolment"]].title in told[reminder.pk].subject


# --- From the plan to the letter --------------------------------------------------------


def test_kind_is_registered():
    assert isinstance(reminder_kinds.get(KEY), UnfinishedLessons)


def test_reminder_goes_out_once_and_not_to_who_finished_meanwhile(run, mailoutbox):
    finished, unfinished = enrol(run), enrol(run)
    plan()
    read(finished, lessons=2)
    pass_quiz(finished)

    assert send_due(now=DUE - timedelta(seconds=1)) == SendReport()
    assert send_due(now=DUE) == SendReport(sent=1, cancelled=1)
    plan(DUE)
    assert send_due(now=DUE + timedelta(hours=1)) == SendReport()

    assert [mail.to for mail in mailoutbox] == [[unfinished.user.email]]


# --- A class that does not take place --------------------------------------------


def cancelled_reminders():
    kind = Reminder.objects.filter(rule__kind=ClassCancelled.key)
    return list(kind.select_related("user").order_by("pk"))


def test_people_of_a_cancelled_class_are_told_once_why_and_what_comes_instead(run, mailoutbox):
    trainer = UserFactory(email="giang-vien@example.vn")
    run.trainers.add(trainer)
    enrolment = enrol(run)
    enrol(run, status=EnrolmentStatus.WITHDRAWN)
    instead = make_run(run.course, unit("350"), title="Lớp bù", place="Nhà văn hoá")
    cancel_run(run=run, reason="Bão số 3", instead=instead, at=DUE)

    for _ in range(2):
        plan_reminders(now=DUE)
        send_due(now=DUE + timedelta(minutes=1))

    assert {one.user for one in cancelled_reminders()} == {enrolment.user, trainer}
    assert len(mailoutbox) == 2
    for word in ("Bão số 3", "Lớp bù", "Nhà văn hoá"):
        assert word in mailoutbox[0].body


def test_cancelled_class_without_another_one_says_so(run, mailoutbox):
    enrol(run)
    cancel_run(run=run, reason="Bão", at=DUE)
    plan_reminders(now=DUE)
    send_due(now=DUE + timedelta(minutes=1))
    assert "None" not in mailoutbox[0].body
    assert "Bão" in mailoutbox[0].body


def test_class_cancelled_long_ago_is_no_news(run):
    enrol(run)
    cancel_run(run=run, reason="Bão", at=DUE - timedelta(days=3))
    plan_reminders(now=DUE)
    assert cancelled_reminders() == []
