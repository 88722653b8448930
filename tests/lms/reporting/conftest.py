from lms.geography.models import BoundaryEdition
from tests.factories.reporting import World, make_world
from tests.shared import shared


@shared
def world(edition: BoundaryEdition) -> World:
    """A course for collaborators, with a class in each of the two districts."""
    return make_world(edition)
