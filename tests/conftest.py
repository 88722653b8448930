"""What every test may lean on."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from lms.geography.models import BoundaryEdition
from tests.factories.geography import make_map
from tests.running import browser_type_launch_args, open_as, suite

__all__ = ["browser_type_launch_args", "open_as", "suite"]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and page fragments of one test are nobody else's."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def edition(db: None) -> BoundaryEdition:
    """The small map of `tests.factories.geography`."""
    return make_map()
