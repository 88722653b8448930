import pytest

from lms.geography.models import BoundaryEdition
from lms.reporting.domain import remembered
from tests.factories.reporting import World, make_world
from tests.shared import shared


@shared
def world(edition: BoundaryEdition) -> World:
    """A course for collaborators, with a class in each of the two districts."""
    return make_world(edition)


def forget() -> None:
    """Ask the database again, as the first in a process does."""
    for kind in remembered._kinds:
        kind.answers.clear()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test asks the database what others may have asked before."""
    forget()
