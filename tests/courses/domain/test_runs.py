from datetime import date, datetime

import pytest
from wagtail.models import ModelLogEntry

from courses.domain.runs import (
    cancel_run,
    close_run,
    create_run,
    open_run,
    pending_step,
    requirements_in_force,
    set_requirements,
)
from courses.enums import EnrolmentStatus, RunStatus, RunStep
from courses.models import CompletionRequirement, CourseRun
from courses.signals import run_opened
from lms.core.refusal import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    HANOI,
    EnrolmentFactory,
    ProgrammeFactory,
    ask,
    make_course,
    make_run,
)
from tests.factories.geography import make_map, unit
from tests.factories.rows import set_fields, status_of
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db

AT = datetime(2014, 5, 6, 7, 30, tzinfo=HANOI)


@shared
def planned(run):
    set_fields(run, status=RunStatus.PLANNED)
    return run


@pytest.fixture
def opened():
    calls = []

    def on_opened(sender, run, **_):
        calls.append((run.pk, run.status))

    run_opened.connect(on_opened)
    yield calls
    run_opened.disconnect(on_opened)


def filled_in(course, **fields):
    host = unit("350")
    values = {
        "programme": ProgrammeFactory(edition=host.edition),
        "course": course,
        "code": "KB-01",
        "title": "Lớp Kim Bảng",
        "unit": host,
        "place": "Hội trường huyện",
        "starts_on": date(2014, 5, 6),
        "ends_on": date(2014, 5, 7),
    }
    return CourseRun(**values | fields)


def test_create_run_is_planned_and_has_its_trainers(course):
    trainer = UserFactory()

    run = create_run(run=filled_in(course, status=RunStatus.OPEN), trainers=[trainer])

    assert status_of(run) == RunStatus.PLANNED
    assert list(run.trainers.all()) == [trainer]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2014, 5, 6), date(2014, 5, 5), "ends_before_start"),
        (date(26, 5, 5), date(2014, 5, 6), "year_far_off"),
        (date(2014, 5, 5), date(9999, 12, 31), "year_far_off"),
        (date(2014, 5, 5), date(2064, 5, 6), "class_too_long"),
    ],
)
def test_create_run_with_a_slip_in_a_day_is_refused(course, first, last, code):
    with raises_refusal(code):
        create_run(run=filled_in(course, starts_on=first, ends_on=last), trainers=[])

    assert not CourseRun.objects.filter(code="KB-01").exists()


def test_create_run_off_the_map_of_the_programme_is_refused(course):
    make_map("2020-01-01")

    with pytest.raises(Refusal) as refusal:
        create_run(run=filled_in(course, unit=unit("350", "2020-01-01")), trainers=[])

    assert (refusal.value.code, refusal.value.field) == ("unit_off_the_map", "unit")


def test_open_run_asks_the_defaults_of_the_criteria_and_tells_it_once(planned, quiz, opened):
    open_run(run=planned, at=AT)
    open_run(run=planned, at=AT)

    planned.refresh_from_db()
    rows = {row.criterion: row.params for row in requirements_in_force(run=planned)}
    assert planned.status == RunStatus.OPEN
    assert rows["lessons"] == {"percent": 100}
    assert rows["quizzes"] == {"pass_percent": 70}
    assert {row.version for row in planned.requirements.all()} == {1}
    assert opened == [(planned.pk, RunStatus.OPEN)]
    assert ModelLogEntry.objects.filter(action="courses.open_run").count() == 1


def test_open_run_keeps_requirements_that_were_set_before(planned):
    ask(planned, lessons={"percent": 60})

    open_run(run=planned, at=AT)

    assert [row.params for row in requirements_in_force(run=planned)] == [{"percent": 60}]


@pytest.mark.parametrize("status", [RunStatus.CLOSED, RunStatus.CANCELLED])
def test_open_run_that_is_over_is_refused(planned, opened, status):
    CourseRun.objects.update(status=status)

    with raises_refusal("run_not_planned"):
        open_run(run=planned, at=AT)

    assert opened == []


def test_close_run_twice_changes_nothing(run):
    close_run(run=run, at=AT)
    close_run(run=run, at=AT)

    assert status_of(run) == RunStatus.CLOSED
    assert ModelLogEntry.objects.filter(action="courses.close_run").count() == 1


@pytest.mark.parametrize("status", [RunStatus.PLANNED, RunStatus.CANCELLED])
def test_close_run_that_is_not_open_is_refused(run, status):
    CourseRun.objects.update(status=status)

    with raises_refusal("run_not_open"):
        close_run(run=run, at=AT)


@pytest.mark.parametrize("status", [RunStatus.PLANNED, RunStatus.OPEN])
def test_cancel_run_twice_changes_nothing(run, status):
    CourseRun.objects.update(status=status)

    cancel_run(run=run, reason="Bão", at=AT)
    cancel_run(run=run, reason="Bão", at=AT)
    with raises_refusal("already_cancelled"):
        cancel_run(run=run, reason="Thiếu người", at=AT)

    run.refresh_from_db()
    assert (run.status, run.cancel_reason) == (RunStatus.CANCELLED, "Bão")
    assert ModelLogEntry.objects.filter(action="courses.cancel_run").count() == 1


def test_cancel_run_says_why_and_what_comes_instead(run):
    unfit = [run, make_run(make_course("khac"), run.unit)]
    unfit.append(make_run(run.course, run.unit, status=RunStatus.CLOSED))
    with raises_refusal("reason_required"):
        cancel_run(run=run, reason="  ", at=AT)
    for other in unfit:
        with raises_refusal("instead_unfit"):
            cancel_run(run=run, reason="Bão", instead=other, at=AT)

    instead = make_run(run.course, run.unit)
    cancel_run(run=run, reason=" Bão ", instead=instead, at=AT)

    run.refresh_from_db()
    assert (run.cancel_reason, run.replaced_by, run.cancelled_at) == ("Bão", instead, AT)


def test_cancel_run_that_somebody_completed_or_that_is_closed_is_refused(run):
    EnrolmentFactory(run=run, unit=unit("13384"), status=EnrolmentStatus.COMPLETED, completed_at=AT)
    with raises_refusal("run_has_completions"):
        cancel_run(run=run, reason="Bão", at=AT)

    set_fields(run, status=RunStatus.CLOSED)
    with raises_refusal("run_not_cancellable"):
        cancel_run(run=run, reason="Bão", at=AT)


def test_set_requirements_adds_a_version_where_there_is_a_difference(run):
    for percent in (100, 100, 80):
        set_requirements(run=run, requirements={"lessons": {"percent": percent}}, at=AT)

    found = [(row.version, row.params) for row in requirements_in_force(run=run)]
    assert found == [(2, {"percent": 80})]
    assert run.requirements.count() == 2
    with raises_refusal("requirements_missing"):
        set_requirements(run=run, requirements={}, at=AT)


def test_page_that_lay_open_while_others_were_set_saves_nothing_else(run):
    asked = {"lessons": {"percent": 100}}
    with raises_refusal("requirements_overtaken"):
        set_requirements(run=run, requirements=asked, at=AT, seen_version=1)
    set_requirements(run=run, requirements=asked, at=AT, seen_version=0)

    with raises_refusal("requirements_overtaken"):
        set_requirements(run=run, requirements={"lessons": {"percent": 5}}, at=AT, seen_version=0)
    set_requirements(run=run, requirements=asked, at=AT, seen_version=0)

    assert [(row.version, row.params) for row in requirements_in_force(run=run)] == [
        (1, {"percent": 100})
    ]


def test_draft_may_ask_what_its_course_has_not_got_yet(run):
    set_fields(run, status=RunStatus.PLANNED, edition=None)

    set_requirements(run=run, requirements={"quizzes": {"pass_percent": 70}}, at=AT)

    assert [row.version for row in requirements_in_force(run=run)] == [1]


def test_set_requirements_takes_a_criterion_out_and_carries_over_what_is_not_installed(run):
    ask(run, lessons={"percent": 80}, quizzes={"pass_percent": 50}, not_installed={"hours": 7})

    set_requirements(run=run, requirements={"lessons": {"percent": 100}}, at=AT)

    rows = {row.criterion: row.params for row in requirements_in_force(run=run)}
    assert rows == {"not_installed": {"hours": 7}, "lessons": {"percent": 100}}


def test_requirements_in_force_are_those_of_the_own_class(run, course):
    other = create_run(run=filled_in(course), trainers=[])
    ask(other, lessons={"percent": 10})
    CompletionRequirement.objects.create(run=other, version=2, criterion="lessons", params={})

    assert requirements_in_force(run=run) == []


@pytest.mark.parametrize(
    ("status", "trainee_count", "days_after_the_end", "step"),
    [
        (RunStatus.PLANNED, 0, 0, RunStep.ENROL),
        (RunStatus.PLANNED, 1, 0, RunStep.OPEN),
        (RunStatus.PLANNED, 1, 1, RunStep.OPEN),
        (RunStatus.OPEN, 1, 0, None),
        (RunStatus.OPEN, 0, 1, RunStep.CLOSE),
        (RunStatus.CLOSED, 1, 1, None),
        (RunStatus.CANCELLED, 0, 1, None),
    ],
)
def test_pending_step(status, trainee_count, days_after_the_end, step):
    run = CourseRun(status=status, ends_on=date(2014, 5, 7))
    today = date(2014, 5, 7 + days_after_the_end)

    assert pending_step(run=run, trainee_count=trainee_count, today=today) == step
