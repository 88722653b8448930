"""What every test may lean on."""

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import blocking_manager_key
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from courses.domain.outlines import _keep_edition
from courses.models.info import INFO_LINKS
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.models import SITE_DETAILS
from lms.geography.models import BoundaryEdition
from tests.chance import SEARCH, commit_seed, look_at_no_constants, register_profiles, shuffle_rows
from tests.coverage import keep_counters
from tests.databases import migrated_file, test_database
from tests.factories import accounts
from tests.factories.geography import make_map
from tests.factories.shipped import load_shipped
from tests.live import open_live
from tests.object_store import bucket
from tests.running import (
    browser_type_launch_args,
    database_beside_the_browser,
    open_as,
    suite,
    until,
)
from tests.scheduling import ByPerson, LongFirst, in_order
from tests.shared import ROWS, empties_database, is_shared, shared, sort_by_rows
from tests.under_way import RequestsUnderWay

__all__ = [
    "browser_type_launch_args",
    "bucket",
    "database_beside_the_browser",
    "open_as",
    "open_live",
    "suite",
]

register_profiles()

# `make test` reads the files for these marks to leave the others out.
FOUND_BY_NAME = ("browser", "process", "sqlite")


@functools.cache
def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take the seed of pytest-randomly from the commit, unless one was asked for."""
    keep_counters()
    if config.getoption("hypothesis_profile", None) == SEARCH:
        shuffle_rows()
    else:
        look_at_no_constants()
    if getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = commit_seed()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests go first: one at the end would leave a core without work.

    But for those that empty the database afterwards: what migrations put there is gone, so
    pytest-django has put them at the end.
    """
    items.sort(
        key=lambda item: item.get_closest_marker("process") is None or empties_database(item)
    )
    sort_by_rows(items)
    _sort_for_browsers(items)
    for item in items:
        for name in FOUND_BY_NAME:
            if item.get_closest_marker(name) and f"mark.{name}" not in _text_of(item.path):
                raise pytest.UsageError(f"{item.path} has to say mark.{name} for itself")


def _sort_for_browsers(items: list[pytest.Item]) -> None:
    """Put the browser tests behind all others; here, since a process of xdist knows of no `--dist`."""
    browsing = [item for item in items if item.get_closest_marker("browser")]
    needs_suite = {item.nodeid: "suite" in getattr(item, "fixturenames", ()) for item in browsing}
    places = {nodeid: place for place, nodeid in enumerate(in_order(needs_suite))}
    items.sort(key=lambda item: places.get(item.nodeid, -1))


def _has_no_transaction(item: pytest.Item) -> bool:
    """Tell whether a test opens the database by itself, without one that is taken back."""
    names = getattr(item, "fixturenames", ())
    is_given_one = item.get_closest_marker("django_db") or "db" in names
    return "django_db_blocker" in names and not is_given_one


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whatever does more to the database than a transaction can take back begins without rows.

    Their savepoints keep a connection that a test has closed: what asks it next would break.
    """
    if empties_database(item) or _has_no_transaction(item):
        with item.config.stash[blocking_manager_key].unblock():
            ROWS.take_back()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Any:
    """Make the rows of the test before its transaction begins, and give them when it asks."""
    if fixturedef.argname == "_django_db_helper" and not empties_database(request.node):
        with request.getfixturevalue("django_db_blocker").unblock():
            ROWS.prepare(request.node)
    if (
        not is_shared(fixturedef)
        or empties_database(request.node)
        or fixturedef not in ROWS.given()
    ):
        return None
    value = ROWS.given()[fixturedef]
    fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
    # Whatever it is, pytest need not make it.
    return True


def pytest_collection_finish() -> None:
    """Look for no garbage among what has been collected by now."""
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    kinds = {"loadscope": ByPerson, "load": LongFirst}
    kind = kinds.get(config.getoption("dist"))
    return kind and kind(config, log)


@pytest.fixture(scope="session")
def migrated_database() -> Path:
    """A SQLite file with every migration and nothing else, for the tests of real processes."""
    return migrated_file()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the migrated database, in place of pytest-django's own migrations."""
    made = ExitStack()
    with django_db_blocker.unblock():
        made.enter_context(test_database())
    # Only whoever asks for the database has it: without a transaction around it, what a test writes
    # stays.
    yield
    with django_db_blocker.unblock(), made:
        ROWS.take_back()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits, page fragments and outlines of one test are nobody else's."""
    cache.clear()
    _keep_edition.cache_clear()
    # What is set for the site is looked up once a minute, not on each page.
    cache.set(SITE_DETAILS, {})
    cache.set(INFO_LINKS, [])
    yield
    cache.clear()


@pytest.fixture
def midday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of the suite go on from noon: what a test says of today stays so to its end, whatever
    the hour.

    Rows that were made before it are of the same day. Asked for by mark, so that it comes first.
    """
    real = timezone.now
    noon = timezone.localtime().replace(hour=12, minute=0)
    shift = noon - timezone.localtime()
    monkeypatch.setattr(timezone, "now", lambda: real() + shift)


@pytest.fixture
def live_server(live_server: LiveServer) -> Iterator[LiveServer]:
    """The server of pytest-django; at the end no request is under way any more.

    One that still writes while the database is emptied breaks the test after it.
    """
    under_way = RequestsUnderWay()
    with under_way.counted():
        yield live_server
        until(under_way.are_over, seconds=10, what="no request is under way")


@shared
def edition(db: None) -> BoundaryEdition:
    """The small map of `tests.factories.geography`."""
    return make_map()


@shared
def editions(db: None) -> dict[str, BoundaryEdition]:
    """The editions that the suite ships, by their code."""
    load_shipped()
    return {edition.code: edition for edition in BoundaryEdition.objects.all()}


@shared
def make_official(edition: BoundaryEdition) -> Callable[..., User]:
    """`make_official(role, code)`: somebody with this role on this unit of the small map."""
    return accounts.make_official


@shared
def administrator(edition: BoundaryEdition) -> User:
    return accounts.make_official(Role.ADMINISTRATOR, "35", full_name="Vũ Thị Quản")


@shared
def monitor(edition: BoundaryEdition) -> User:
    """Sees the whole province."""
    return accounts.make_official(Role.MONITOR, "35", full_name="Lê Văn Sở")


@shared
def coordinator(edition: BoundaryEdition) -> User:
    """Looks after Kim Bảng."""
    return accounts.make_official(Role.COORDINATOR, "350", full_name="Phạm Văn Huyện")


@shared
def trainer(edition: BoundaryEdition) -> User:
    """Teaches in Kim Bảng."""
    return accounts.make_official(Role.TRAINER, "350", full_name="Trần Văn Giảng")


# `as_…` is a client in which that person is logged in.


@pytest.fixture
def as_administrator(administrator: User) -> Client:
    return accounts.browse(administrator)


@pytest.fixture
def as_monitor(monitor: User) -> Client:
    return accounts.browse(monitor)


@pytest.fixture
def as_coordinator(coordinator: User) -> Client:
    return accounts.browse(coordinator)


@pytest.fixture
def as_trainer(trainer: User) -> Client:
    return accounts.browse(trainer)
