"""What every test may lean on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from xdist.remote import Producer

from lms.geography.models import BoundaryEdition
from tests.chance import commit_seed, register_profiles
from tests.factories.geography import make_map
from tests.running import browser_type_launch_args, open_as, suite
from tests.scheduling import ByPerson

__all__ = ["browser_type_launch_args", "open_as", "suite"]

ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")

register_profiles()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take the seed of pytest-randomly from the commit, unless one was asked for."""
    if getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = commit_seed()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The pass on PostgreSQL repeats what meets a database; the long tests go first.

    Whatever the order of the others: a long one at the end would leave a core without work.
    """
    if ON_POSTGRES:
        once = [item for item in items if not _meets_the_database(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if _meets_the_database(item)]
    items.sort(key=lambda item: item.get_closest_marker("process") is None)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByPerson | None:
    return ByPerson(config, log) if config.getoption("dist") == "loadscope" else None


def _meets_the_database(item: pytest.Item) -> bool:
    markers = ("django_db", "process", "browser")
    return any(map(item.get_closest_marker, markers)) or bool(
        {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    )


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration and nothing else, for the tests of real processes.

    They are marked `django_db`: without such a test pytest-django migrates nothing.
    """
    return tmp_path_factory.getbasetemp() / "migrated.sqlite3"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep the database as the migrations leave it: a test that commits empties every table."""
    if not ON_POSTGRES:
        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            target = tmp_path_factory.getbasetemp() / "migrated.sqlite3"
            cursor.execute("VACUUM INTO %s", [str(target)])


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
