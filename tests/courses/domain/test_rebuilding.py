"""Rows of progress follow from what happened, whoever did it and however."""

from datetime import date, timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from attendance.domain.sessions.scheduling import SessionPlan, create_session, remove_session
from attendance.enums import AttendanceStatus
from courses.domain.enrolling import withdraw
from courses.domain.lessons import complete_lesson
from courses.domain.moving_runs import move_run
from courses.domain.progress import progress_of
from courses.domain.quizzes import start_attempt, submit_attempt
from courses.domain.rebuilding import Difference, find_differences, rebuild_progress
from courses.domain.rejudging import rejudge_answers
from courses.domain.runs import open_run, set_requirements
from courses.enums import EnrolmentStatus, RunStatus
from courses.models import CriterionProgress, Enrolment, LessonPage, Question
from lms.accounts.merging.domain.merge import merge
from lms.core.derived_rows import Fault
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.attendance import IN_CLASS, entry, take_roll
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    ask,
    enrol,
)
from tests.factories.geography import unit
from tests.factories.importing import rehearsed, sheet, take_back, write
from tests.factories.rows import set_fields, status_of
from tests.shared import shared

pytestmark = pytest.mark.sqlite("upserts, constraints, days in JSON")

LATER = EVENING + timedelta(days=1)
UPGRADES = ("courses.migrations.0025_fill_progress", "attendance.migrations.0005_fill_progress")
HOURS, LESSONS, QUIZZES = "attendance_hours", "lessons", "quizzes"


def person(**fields):
    held = PostingFactory(
        unit=unit("13384"), valid_from=date(2014, 1, 1), user=UserFactory(**fields)
    )
    return held.user


def figures(enrolment):
    return {
        one.key: (one.achieved, one.required, one.met)
        for one in progress_of(enrolment_ids=[enrolment.pk])[enrolment.pk]
    }


def sound():
    """Rows there are, and every one says what is found."""
    return CriterionProgress.objects.exists() and list(find_differences()) == []


@shared
def opened(run, lessons, quiz, trainer):
    """A class of two lessons, a quiz and a session of 210 minutes, opened with one trainee."""
    set_fields(run, status=RunStatus.PLANNED, edition=None)
    enrolment = enrol(run=run, user=person(full_name="Hoàng Thị Hương"), at=EVENING)
    plan = SessionPlan("Buổi 1", IN_CLASS, IN_CLASS + timedelta(minutes=210))
    session = create_session(run=run, plan=plan, by=trainer, at=IN_CLASS)
    open_run(run=run, at=IN_CLASS)
    return run, enrolment, session


def test_who_has_done_nothing_has_rows_from_opening_and_from_enrolling(opened):
    run, enrolment, _session = opened
    later = enrol(run=run, user=person(), at=EVENING)

    nothing = {LESSONS: (0, 2, False), QUIZZES: (0, 1, False), HOURS: (0, 210, False)}
    assert figures(enrolment) == figures(later) == nothing
    assert sound()
    # A row of a criterion that is not installed is passed over.
    CriterionProgress.objects.filter(criterion=HOURS).update(criterion="gone")
    assert set(figures(enrolment)) == {LESSONS, QUIZZES}


def test_rows_follow_a_whole_story(opened, course, lessons, quiz, trainer, administrator):
    """Each step is taken as people take it; after each the rows say what is found."""
    run, enrolment, session = opened

    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)
    assert figures(enrolment)[LESSONS] == (1, 2, False)

    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=EVENING)
    submit_attempt(attempt=attempt, at=EVENING)
    assert sound()

    take_roll(session=session, entries=[entry(enrolment)], by=trainer, at=EVENING)
    assert figures(enrolment)[HOURS] == (210, 210, True)
    corrected = entry(enrolment, AttendanceStatus.EXCUSED, reason="Nhầm người")
    take_roll(session=session, entries=[corrected], by=trainer, at=LATER)
    assert figures(enrolment)[HOURS] == (0, 210, False)

    plan = SessionPlan("Buổi 2", LATER, LATER + timedelta(minutes=60))
    second = create_session(run=run, plan=plan, by=trainer, at=LATER)
    assert figures(enrolment)[HOURS] == (0, 270, False)
    remove_session(session=second, by=trainer, at=LATER)
    assert figures(enrolment)[HOURS] == (0, 210, False)
    assert sound()

    add_lesson(course)
    move_run(run=run, at=LATER, by=administrator)
    assert figures(enrolment)[LESSONS] == (1, 3, False)
    set_requirements(run=run, requirements={LESSONS: {"percent": 30}}, at=LATER)
    assert figures(enrolment) == {LESSONS: (1, 1, True)}
    assert sound()

    question = Question.objects.first()
    rejudge_answers(question=question, note="Đáp án sai", by=administrator, at=LATER)
    assert sound()


def add_lesson(course):
    module = course.get_children().first()
    module.add_child(instance=LessonPage(title="Bài 1.3", slug="bai-3", as_of="2014", body=[]))


def test_rows_stand_when_people_leave_come_back_and_are_merged(opened, administrator):
    run, enrolment, _session = opened
    other = enrol(run=run, user=person(full_name="Hoàng Thị Hương"), at=EVENING)
    withdraw(enrolment=other, by=administrator, reason="Chuyển công tác", at=LATER)
    assert sound()

    set_requirements(run=run, requirements={LESSONS: {"percent": 50}}, at=LATER)
    assert figures(other) == {LESSONS: (0, 1, False)}
    enrol(run=run, user=other.user, at=LATER)
    assert sound()

    merge(keep=enrolment.user, close=other.user, by=administrator, at=LATER)
    assert status_of(other) == EnrolmentStatus.WITHDRAWN
    assert sound()


def test_rows_keep_nobody_from_taking_back_a_list(opened, coordinator):
    run, _enrolment, _session = opened
    header = ("Mã lớp", "Mã cán bộ", "Họ và tên", "Năm sinh")
    user = person()
    rows = sheet((run.code, user.staff_code, user.full_name, ""), header=header)
    batch = write(rehearsed(rows, by=coordinator, kind="enrolments"))
    listed = Enrolment.objects.get(user=user)
    assert set(figures(listed)) == {LESSONS, QUIZZES, HOURS}

    take_back(batch)

    assert not Enrolment.objects.filter(pk=listed.pk).exists()
    assert sound()


def test_sentences_are_made_when_they_are_read(opened):
    """So they follow the language, and the day of a session: nothing is written for it."""
    _run, enrolment, session = opened
    said = {}
    for language in ("vi", "en"):
        with translation.override(language):
            found = progress_of(enrolment_ids=[enrolment.pk])[enrolment.pk]
            hours = next(one for one in found if one.key == HOURS)
            said[language] = hours.explanation
            assert [(row.subject, row.at) for row in hours.details] == [("Buổi 1", IN_CLASS)]

    assert said["vi"] != said["en"]
    assert all(session.title in sentence for sentence in said.values())


# --- The proof --------------------------------------------------------------------------


def break_all_three(run, enrolment):
    """One row wrong, one missing, one that the class does not ask for."""
    rows = CriterionProgress.objects.filter(enrolment=enrolment)
    rows.filter(criterion=LESSONS).update(achieved=1)
    rows.filter(criterion=QUIZZES).delete()
    rows.filter(criterion=HOURS).update(criterion="gone")
    return [
        Difference(enrolment.pk, HOURS, Fault.MISSING),
        Difference(enrolment.pk, "gone", Fault.SURPLUS),
        Difference(enrolment.pk, LESSONS, Fault.WRONG),
        Difference(enrolment.pk, QUIZZES, Fault.MISSING),
    ]


def test_rebuild_puts_right_what_is_wrong_missing_and_surplus(opened):
    run, enrolment, _session = opened
    before = figures(enrolment)
    broken = break_all_three(run, enrolment)

    assert rebuild_progress(at=LATER) == broken
    assert figures(enrolment) == before
    assert rebuild_progress(at=LATER) == []


def test_rebuild_decides_completion_anew(run, enrolment, lessons):
    ask(run, lessons={"percent": 100})
    for lesson in lessons:
        enrolment.lesson_completions.create(lesson=lesson, completed_at=EVENING)

    assert rebuild_progress(at=LATER) == [Difference(enrolment.pk, LESSONS, Fault.WRONG)]

    assert status_of(enrolment) == EnrolmentStatus.COMPLETED


def test_every_batch_is_looked_at(run, lessons, monkeypatch):
    monkeypatch.setattr("courses.domain.rebuilding.BATCH", 2)
    ask(run, lessons={"percent": 100})
    people = [EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(5)]
    CriterionProgress.objects.all().delete()

    missing = [Difference(one.pk, LESSONS, Fault.MISSING) for one in people]
    assert list(find_differences()) == missing


def test_command_tells_and_puts_right(opened):
    run, enrolment, _session = opened
    broken = [
        f"enrolment {one.enrolment_id}, {one.criterion}: {one.fault}"
        for one in break_all_three(run, enrolment)
    ]
    checked, mended, after = StringIO(), StringIO(), StringIO()

    with pytest.raises(CommandError, match="4 rows"):
        call_command("rebuild_progress", "--check", stdout=checked)
    call_command("rebuild_progress", stdout=mended)
    call_command("rebuild_progress", "--check", stdout=after)

    assert checked.getvalue().splitlines() == broken
    assert mended.getvalue().splitlines() == [*broken, "4 rows of progress put right."]
    assert len(after.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("achieved", "required", "met"), [(0, 0, True), (1, 2, True), (2, 2, False)]
)
def test_database_refuses_a_row_that_says_met_of_too_little(opened, achieved, required, met):
    row = CriterionProgress.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        set_fields(row, achieved=achieved, required=required, met=met)


def test_upgrade_writes_the_rows_that_are_found(opened, lessons, quiz, trainer):
    """The migrations say the rules of their day in their own words; on that day they agree."""
    run, enrolment, session = opened
    complete_lesson(enrolment=enrolment, lesson=lessons[0], at=EVENING)
    late = EnrolmentFactory(run=run, unit=unit("13384"))
    marks = [entry(enrolment), entry(late, AttendanceStatus.LATE, minutes_late=10)]
    take_roll(session=session, entries=marks, by=trainer, at=EVENING)
    EnrolmentFactory(run=run, unit=unit("13384"))
    CriterionProgress.objects.all().delete()

    for migration in UPGRADES:
        import_module(migration).fill(apps, None)

    assert CriterionProgress.objects.count() == 9
    assert sound()
