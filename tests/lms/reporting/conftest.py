from collections.abc import Callable

import pytest

from courses.domain.enrolling import enrol_many
from courses.domain.history import record_enrolments
from courses.enums import EnrolmentStatus
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import BoundaryEdition
from lms.reporting.domain import remembered
from lms.reporting.domain.snapshots import approve_snapshot
from lms.reporting.models import ReportSnapshot
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.factories.reporting import World, make_world
from tests.factories.rows import set_fields
from tests.lms.reporting.frozen import CLASS_DAY, JUNE, draft
from tests.shared import shared


@shared
def world(edition: BoundaryEdition) -> World:
    """A course for collaborators, with a class in each of the two districts."""
    return make_world(edition)


@shared
def everywhere(edition: BoundaryEdition) -> User:
    """Oversees every province."""
    return UserFactory(is_superuser=True)


@shared
def chief(make_official: Callable[..., User]) -> User:
    """Approves what others have drafted."""
    return make_official(Role.ADMINISTRATOR, "35", full_name="Trần Văn Duyệt")


@shared
def people(world: World) -> list[User]:
    """Eleven people in Quế, of whom six have completed; two in Đức Lý; nobody elsewhere."""
    posts = [PostingFactory(unit=unit("13384")) for _ in range(11)]
    posts += [PostingFactory(unit=unit("13591")) for _ in range(2)]
    users = [one.user for one in posts]
    enrolments = enrol_many(run=world.runs["350"], users=users[:8], at=CLASS_DAY)
    for one in enrolments[:6]:
        set_fields(one, status=EnrolmentStatus.COMPLETED, completed_at=CLASS_DAY)
    record_enrolments(enrolments=enrolments[:6], at=CLASS_DAY)
    return users


@shared
def drafted(world: World, monitor: User, people: list[User]) -> ReportSnapshot:
    """The report of the province on these people."""
    return draft(world, monitor)


@shared
def approved(drafted: ReportSnapshot, chief: User) -> ReportSnapshot:
    return approve_snapshot(snapshot=drafted, by=chief, at=JUNE)


def forget() -> None:
    """Ask the database again, as the first in a process does."""
    for kind in remembered._kinds:
        kind.answers.clear()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test asks the database what others may have asked before."""
    forget()
