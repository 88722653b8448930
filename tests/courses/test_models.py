"""What the database itself refuses."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from courses.enums import EnrolmentStatus
from courses.models import (
    CompletionRequirement,
    CourseRun,
    Enrolment,
    Programme,
    ProgrammeRequirement,
    Question,
    QuizAttempt,
    QuizQuestion,
)
from lms.accounts.enums import Cadre, Role
from lms.accounts.register.domain.roles import withdraw_role
from tests.factories.accounts import RoleAssignmentFactory, UserFactory, make_official
from tests.factories.courses import HANOI, EnrolmentFactory, make_run, put_question
from tests.factories.geography import unit
from tests.shared import shared

pytestmark = pytest.mark.sqlite("the constraints of each database")

AT = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)
HANDED_IN = {"submitted_at": AT, "score": 1, "max_score": 2, "percent": 50}


@shared
def attempt(enrolment, quiz):
    return QuizAttempt.objects.create(enrolment=enrolment, quiz=quiz, number=1, started_at=AT)


def refuses(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Programme, {"ends_on": date(2013, 1, 1)}),
        (CourseRun, {"ends_on": date(2013, 1, 1)}),
        (Enrolment, {"status": EnrolmentStatus.COMPLETED}),
        (Enrolment, {"completed_at": AT}),
        (QuizAttempt, {"submitted_at": AT}),
        (QuizAttempt, {"submitted_at": AT, "score": 3, "max_score": 2, "percent": 100}),
    ],
    ids=[
        *("programme ends first", "class ends first", "completed without time"),
        *("time without completion", "submitted without score", "more right than asked"),
    ],
)
def test_columns_that_contradict_each_other_are_refused(attempt, model, columns):
    refuses(lambda: model.objects.update(**columns))


@pytest.mark.parametrize(
    "add",
    [
        lambda run, attempt: ProgrammeRequirement.objects.create(
            programme=run.programme, course=run.course, cadre=Cadre.COLLABORATOR
        ),
        lambda run, attempt: CompletionRequirement.objects.create(
            run=run, version=1, criterion="lessons"
        ),
        lambda run, attempt: QuizAttempt.objects.create(
            enrolment=attempt.enrolment, quiz=attempt.quiz, number=2, started_at=AT, **HANDED_IN
        ),
        lambda run, attempt: put_question(attempt, Question.objects.first(), answered_at=AT),
    ],
    ids=["course of one cadre", "criterion of one version", "attempt", "answer"],
)
def test_row_that_is_there_already_is_refused(run, attempt, add):
    add(run, attempt)
    refuses(lambda: add(run, attempt))


def test_question_twice_in_one_quiz_is_refused(quiz):
    question = quiz.quiz_questions.first().question

    refuses(lambda: QuizQuestion.objects.create(quiz=quiz, question=question))


def make_trainer(run):
    person = make_official(Role.TRAINER, "35")
    run.trainers.add(person)
    return person


def test_class_is_closed_to_a_trainer_whose_role_was_withdrawn(run, enrolment):
    former = make_trainer(run)
    withdraw_role(user=former, role=Role.TRAINER, unit=unit("35"))

    assert not CourseRun.objects.visible_to(former).exists()
    assert not CourseRun.objects.watched_by(former).exists()
    assert not CourseRun.objects.manageable_by(former).exists()
    assert not Enrolment.objects.visible_to(former).exists()


def test_class_is_visible_to_who_teaches_attends_or_oversees_and_kept_by_who_attends_not(
    run, enrolment, coordinator
):
    trainer, stranger = make_trainer(run), UserFactory()
    neighbour = make_official(Role.COORDINATOR, "353")
    people = (trainer, coordinator, enrolment.user, neighbour, stranger)

    seen = [list(CourseRun.objects.visible_to(person)) == [run] for person in people]
    kept = [CourseRun.objects.manageable_by(person).exists() for person in people]

    assert seen == [True, True, True, False, False]
    assert kept == [True, True, False, False, False]
    Enrolment.objects.update(status=EnrolmentStatus.WITHDRAWN)
    assert not CourseRun.objects.visible_to(enrolment.user).exists()


def test_trainee_of_another_district_is_visible_to_the_own_trainer_only(run, coordinator):
    stranger = EnrolmentFactory(run=run, unit=unit("13591"))
    trainer = make_trainer(run)

    assert list(Enrolment.objects.visible_to(trainer)) == [stranger]
    assert not Enrolment.objects.visible_to(coordinator).exists()


def test_enrolment_is_overseen_from_its_unit_alone(run, coordinator):
    local = EnrolmentFactory(run=run, unit=unit("13384"))
    EnrolmentFactory(run=run, unit=unit("13591"))
    # Teaching the class or being in it shows an enrolment, but is no oversight.
    RoleAssignmentFactory(user=coordinator, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(coordinator)
    EnrolmentFactory(run=run, unit=unit("13588"), user=coordinator)

    assert list(Enrolment.objects.overseen_by(coordinator)) == [local]
    assert Enrolment.objects.visible_to(coordinator).count() == 3


def test_attempts_are_visible_with_their_enrolment(attempt):
    neighbour = make_official(Role.COORDINATOR, "353")

    assert list(QuizAttempt.objects.visible_to(attempt.enrolment.user)) == [attempt]
    assert not QuizAttempt.objects.visible_to(neighbour).exists()
    # It is open.
    assert not QuizAttempt.objects.submitted().exists()


def test_questions_are_visible_with_a_role_only(quiz):
    trainer = make_official(Role.TRAINER, "350")

    assert Question.objects.visible_to(trainer).count() == 2
    assert not Question.objects.visible_to(UserFactory()).exists()


def test_everything_is_visible_to_a_superuser(run, enrolment):
    superuser = UserFactory(is_superuser=True)

    assert list(CourseRun.objects.visible_to(superuser)) == [run]
    assert list(CourseRun.objects.manageable_by(superuser)) == [run]
    assert list(Enrolment.objects.visible_to(superuser)) == [enrolment]


def test_current_classes_are_open_and_take_place_today(run):
    make_run(run.course, unit("350"), starts_on=date(2014, 6, 1), ends_on=date(2014, 6, 2))

    assert list(CourseRun.objects.current(date(2014, 5, 7))) == [run]
    assert not CourseRun.objects.current(date(2014, 5, 8)).exists()


@pytest.mark.parametrize(
    "same",
    [
        lambda run: CourseRun.objects.create(**{**plain(run), "code": run.code.lower()}),
        lambda run: Programme.objects.create(
            **{**plain(run.programme), "code": run.programme.code.upper()}
        ),
        lambda run: Question.objects.create(key="m01-q01"),
    ],
)
def test_code_that_differs_in_case_alone_is_refused(run, quiz, same):
    refuses(lambda: same(run))


def plain(row):
    """The columns of a row, for one like it."""
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return {field.attname: getattr(row, field.attname) for field in fields}
