"""One open class in Kim Bảng over a course of one module, two lessons and a quiz."""

from collections.abc import Callable

import pytest
from django.test import Client

from courses.models import CoursePage, CourseRun, LessonPage, ModulePage, Quiz
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from lms.geography.models import BoundaryEdition
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course, make_quiz, make_run
from tests.factories.geography import unit


@pytest.fixture
def course(edition: BoundaryEdition) -> CoursePage:
    return make_course()


@pytest.fixture
def module(course: CoursePage) -> ModulePage:
    return ModulePage.objects.child_of(course).get()


@pytest.fixture
def lessons(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


@pytest.fixture
def quiz(module: ModulePage) -> Quiz:
    return make_quiz(module)


@pytest.fixture
def run(course: CoursePage) -> CourseRun:
    return make_run(course, unit("350"))


@pytest.fixture
def client_of(edition: BoundaryEdition) -> Callable[[Role, str], tuple[Client, User]]:
    """`client_of(role, code)`: a client logged in as somebody with this role, and that person."""

    def log_in(role: Role, code: str) -> tuple[Client, User]:
        user = UserFactory()
        assign_role(user=user, role=role, unit=unit(code))
        client = Client()
        client.force_login(user)
        return client, user

    return log_in


@pytest.fixture
def coordinator(client_of: Callable[[Role, str], tuple[Client, User]]) -> Client:
    """The coordinator of Kim Bảng."""
    return client_of(Role.COORDINATOR, "350")[0]
