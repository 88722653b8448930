"""People before the course: a trainee of Kim Bảng, a stranger, and staff of each kind."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.quizzes import answer_question, start_attempt, submit_attempt
from courses.extensions import agendas, page_panels
from courses.models import CourseRun, Enrolment, LessonPage, Quiz, QuizAttempt
from lms.accounts.models import User
from tests.factories.accounts import UserFactory, browse
from tests.factories.courses import EnrolmentFactory, questions_in
from tests.factories.geography import unit


@pytest.fixture
def as_trainee(enrolment: Enrolment) -> Client:
    return browse(enrolment.user)


@pytest.fixture
def as_stranger(edition: object) -> Client:
    """Somebody on the register, in no class."""
    return browse(UserFactory(full_name="Lê Thị Lạ"))


@pytest.fixture
def trainer(run: CourseRun, trainer: User) -> User:
    """Teaches the class; holds the role, as everybody who teaches does."""
    run.trainers.add(trainer)
    return trainer


@pytest.fixture
def no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Courses alone: what plug-ins add has its own tests and its own number of queries."""
    monkeypatch.setattr(page_panels, "_entries", {})
    monkeypatch.setattr(agendas, "_entries", {})


def enrolled(run: CourseRun, name: str, code: str = "13384", **fields: Any) -> Enrolment:
    return EnrolmentFactory(run=run, unit=unit(code), user__full_name=name, **fields)


def address_of(lesson: LessonPage) -> str:
    return reverse("courses:lesson", args=lesson.url_path.strip("/").split("/")[1:])


def take(enrolment: Enrolment, quiz: Quiz, at: object, right: int) -> QuizAttempt:
    """A sitting handed in with this many right answers."""
    attempt = start_attempt(enrolment=enrolment, quiz=quiz, at=at)
    for place, question in enumerate(questions_in(quiz)):
        options = [o.pk for o in question.options.all() if o.is_correct == (place < right)]
        answer_question(attempt=attempt, question_id=question.pk, chosen=options[:1], at=at)
    return submit_attempt(attempt=attempt, at=at)
