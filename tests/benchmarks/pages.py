"""Pages as the web server serves them to 64 browser sessions, beside the empty view."""

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.urls import reverse

from courses.models import CoursePage
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from tests.benchmarks.enlarging import (
    count_queries,
    longest_lesson,
    make_class,
    open_sessions,
    staff,
    trainees,
)
from tests.benchmarks.load import SECONDS, Visit, put_load
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.serving import BARE, EMPTY_VIEW, SUITE, wait_until_idle, web_server
from tests.benchmarks.timing import in_turns, milliseconds, per_second, timed

PASSWORD = "tap-huan-2014"
# Twice as many as the server has threads on two cores: it is never idle.
AT_ONCE = 8
# Of fewer answers, those that came in time would tell too good a median.
ANSWERS = 10
CSRF = "benchbenchbenchbenchbenchbench12"


@dataclass(frozen=True)
class Page:
    name: str
    url: str
    readers: Sequence[User]


def lesson() -> list[Measure]:
    """The longest lesson as fast as it comes, beside an empty view in and out of the suite."""
    readers, url = trainees(), longest_lesson().url
    queries = count_queries(readers[0], url)
    visits = open_sessions(readers)
    with web_server(SUITE) as suite, web_server(BARE) as bare:
        floors = {
            "empty view, suite's middleware": (
                suite,
                (Aim("<=", 15, "x"), Aim("<=", 10, "queries")),
            ),
            "empty view, nothing around it": (bare, ()),
        }
        measures = []
        for floor_name, (site, aims) in floors.items():
            pair = in_turns(_crowd(suite, url, visits), _crowd(site, EMPTY_VIEW, visits))
            measures.append(
                Measure(
                    name=f"longest lesson, {AT_ONCE} at once ({queries} queries)",
                    value=per_second(pair.job),
                    floor_name=floor_name,
                    floor=per_second(pair.floor),
                    ratio=pair.ratio,
                    aims=aims,
                    figures={"queries": queries},
                )
            )
        return measures


def pages() -> list[Measure]:
    """What one person waits for a page when nobody else asks."""
    with web_server(SUITE) as suite:
        return [_wait_for(page, suite) for page in _pages()]


def log_in() -> list[Measure]:
    """The post of the log-in form, which is mostly the password's hash."""
    hashed, people = make_password(PASSWORD), trainees()
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=hashed)
    visits = [
        Visit(
            cookies=f"csrftoken={CSRF}",
            body=f"csrfmiddlewaretoken={CSRF}&login={person.staff_code}&password={PASSWORD}",
        )
        for person in people
    ]
    check = timed(lambda: check_password(PASSWORD, hashed))
    with web_server(SUITE) as suite:
        # A wrong password is answered with the form again, and 200.
        pair = in_turns(
            _alone(suite, reverse("account_login"), visits, expected=302),
            lambda: statistics.median(check() for _ in range(ANSWERS)),
        )
    return [
        Measure(
            name="log-in",
            value=milliseconds(pair.job),
            floor_name="the password's hash alone",
            floor=milliseconds(pair.floor),
            ratio=pair.ratio,
        )
    ]


def _pages() -> Iterator[Page]:
    learning, trainer = trainees(), staff("GV001")
    yield Page("longest lesson", longest_lesson().url, learning)
    yield Page("course", CoursePage.objects.live().first().url, learning)
    yield Page("Việc của tôi", reverse("courses:my_work"), learning)
    for size in (300, 500):
        run = make_class(size)
        if size == 300:
            yield Page("class of 300", reverse("courses:run_detail", args=[run.pk]), trainer)
        roll = reverse("attendance:roll_call", args=[run.sessions.first().pk])
        yield Page(f"roll of {size}", roll, trainer)
    commune = _largest_commune()
    names = reverse("reporting:people", args=[commune.pk])
    yield Page("names of a commune", names, staff("SO001"))
    yield Page("people list", reverse("wagtailusers_users:index"), staff("QT001"))


def _largest_commune() -> AdministrativeUnit:
    counts: dict[int, int] = {}
    for unit in Posting.objects.filter(unit__level="commune").values_list("unit", flat=True):
        counts[unit] = counts.get(unit, 0) + 1
    return AdministrativeUnit.objects.get(pk=max(counts, key=lambda unit: (counts[unit], unit)))


def _wait_for(page: Page, suite: str) -> Measure:
    queries = count_queries(page.readers[0], page.url)
    visits = open_sessions(page.readers)
    pair = in_turns(_alone(suite, page.url, visits), _alone(suite, EMPTY_VIEW, visits))
    return Measure(
        name=f"{page.name}, one reader ({queries} queries)",
        value=milliseconds(pair.job),
        floor_name="empty view, suite's middleware",
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
    )


def _crowd(site: str, url: str, visits: Sequence[Visit]) -> Callable[[], float]:
    def seconds_per_request() -> float:
        wait_until_idle(site)
        return put_load(url=site + url, visits=visits, connections=AT_ONCE).seconds_per_request

    return seconds_per_request


def _alone(
    site: str, url: str, visits: Sequence[Visit], *, expected: int = 200
) -> Callable[[], float]:
    """One connection; the first look, which does not count, tells how long to ask."""
    seconds = SECONDS

    def median_seconds() -> float:
        nonlocal seconds
        wait_until_idle(site)
        asked = put_load(
            url=site + url, visits=visits, connections=1, expected=expected, seconds=seconds
        )
        seconds = max(SECONDS, math.ceil(asked.median * ANSWERS))
        return asked.median

    return median_seconds
