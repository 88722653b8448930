import pytest
from django.test import Client

from attendance.models import Session
from courses.models import CourseRun
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import BoundaryEdition
from tests.factories.accounts import RoleAssignmentFactory, UserFactory
from tests.factories.attendance import SessionFactory, make_class
from tests.factories.geography import unit


@pytest.fixture
def run(edition: BoundaryEdition) -> CourseRun:
    """An open class in Kim Bảng on 6 and 7 May 2014."""
    return make_class("350")


@pytest.fixture
def session(run: CourseRun) -> Session:
    """Its first morning: 08:00 to 11:30, 210 minutes."""
    return SessionFactory(run=run, title="Buổi 1")


@pytest.fixture
def trainer(run: CourseRun) -> User:
    """Teaches the class and nothing else."""
    person = UserFactory(full_name="Trần Văn Giảng")
    RoleAssignmentFactory(user=person, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(person)
    return person


@pytest.fixture
def other_trainer(edition: BoundaryEdition) -> User:
    """A trainer of another district."""
    person = UserFactory(full_name="Lê Thị Khác")
    RoleAssignmentFactory(user=person, role=Role.TRAINER, unit=unit("353"))
    RoleAssignmentFactory(user=person, role=Role.COORDINATOR, unit=unit("353"))
    return person


@pytest.fixture
def trainer_client(client: Client, trainer: User) -> Client:
    client.force_login(trainer)
    return client
