"""What each page of the report asks of the database: the same for few and many, on its own map and on others."""

from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from courses.domain.history import record_missing
from lms.accounts.enums import Role
from lms.geography.domain.areas import record_areas
from lms.geography.models import UnitPlace, UnitSuccession
from lms.reporting.domain.tally_keeping import update_tallies
from tests.factories.accounts import PostingFactory, assign_role, browse, make_official
from tests.factories.courses import ask
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled
from tests.factories.rows import set_fields
from tests.lms.reporting.conftest import forget
from tests.lms.reporting.test_current_place import moved

LATER = "2020-01-01"
#: Queries of a page where people stand on its own map alone, and where some stand on another: these bring a query, and
#: here nobody is late elsewhere, so that the latest communes are not read.
COSTS = {
    "report": (13, 12),
    "report now": (12, 13),
    "report past": (12, 13),
    "report past now": (12, 13),
    "report, other map": (12, 12),
    "report, other map now": (12, 12),
    "province": (14, 13),
    "district": (11, 11),
    "district now": (13, 13),
    "district past": (13, 13),
    "communes reached": (9, 10),
    "communes unreached": (9, 10),
    "communes reached, other map": (10, 10),
    "names of all": (12, 12),
    "names of all now": (13, 13),
    "names of all past": (13, 13),
    "names of all, other map": (13, 13),
    "names of all, other map now": (14, 14),
    "names of all, other map now, some late": (11, 11),
    "names of a district": (14, 14),
    "names of a district now": (15, 15),
    "names of a district past": (15, 15),
    "names of a commune": (13, 14),
    "names of a commune now": (14, 14),
    "names of a commune now, some late": (11, 11),
    "names of a commune past": (14, 14),
    "names of a commune, other map": (14, 14),
    "names of a commune, other map now": (14, 14),
}
#: The same of the reader of a district.
COSTS_OF_A_DISTRICT = {
    "report": (10, 11),
    "report now": (13, 14),
    "report past": (12, 13),
    "district": (11, 11),
    "district now": (14, 14),
    "district past": (13, 13),
    "names of a district": (14, 14),
    "names of a district now": (15, 15),
    "names of a district past": (15, 15),
    "names of a commune now, some late": (12, 12),
}
#: The same of readers of a part of the province: of a district, and of a commune on two maps.
COSTS_OF_A_PART = {
    "names of all": (13, 13),
    "names of all now": (14, 14),
    "names of all past": (14, 14),
    "names of all, other map": (14, 14),
    "names of all, other map now": (15, 15),
    "names of a commune": (13, 14),
    "names of a commune now": (14, 14),
    "names of a commune past": (14, 14),
    "names of a commune, other map": (14, 14),
    "names of a commune, other map now": (14, 14),
}
#: The same where figures of some units have changed since they were kept, of whoever oversees the province.
COSTS_OF_STALE = {
    "report": (14, 14),
    "report, other map": (14, 14),
    "province": (15, 15),
    "district": (13, 13),
    "communes reached": (11, 12),
    "communes unreached": (11, 12),
    "communes reached, other map": (12, 12),
}
MOST = 15


def pages():
    """The address of each page of `COSTS`."""
    other, past = unit("13384", LATER).edition_id, localdate() - timedelta(days=3)
    commune, district = ([unit(code).pk] for code in ("13384", "350"))
    there = reverse("reporting:people", args=[unit("13384", LATER).pk])
    of_today = {
        "report": reverse("reporting:completion"),
        "province": reverse("reporting:completion_unit", args=[unit("35").pk]),
        "communes reached": reverse("reporting:communes") + "?which=reached",
        "communes unreached": reverse("reporting:communes") + "?which=unreached",
        "district": reverse("reporting:completion_unit", args=district),
        "names of all": reverse("reporting:all_people"),
        "names of a district": reverse("reporting:people", args=district),
        "names of a commune": reverse("reporting:people", args=commune),
    }
    known = of_today | {f"{name} past": asked_of(url, on=past) for name, url in of_today.items()}
    for name in ("report", "names of all", "communes reached"):
        known[f"{name}, other map"] = asked_of(of_today[name], edition=other)
    known["names of a commune, other map"] = asked_of(there, edition=other)
    for name, url in list(known.items()):
        known[f"{name} now"] = asked_of(url, counted="now")
    # Whoever is late may be reminded, or enrolled in a class.
    for name, url in list(known.items()):
        if name in {"names of all, other map now", "names of a commune now"}:
            known[f"{name}, some late"] = asked_of(url, state="late")
    return known


def asked_of(url, **more):
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more)}"


def have_people(world, *, people, on_another_map):
    for _one in range(people):
        moved(enrolled(world, "350", "13384", completed=True), "13591")
        enrolled(world, "350", "13384")
        PostingFactory(unit=unit("13384"))
        if on_another_map:
            there = unit("13384", LATER)
            PostingFactory(unit=there)
            set_fields(enrolled(world, "350", "13384"), unit=there)


def test_pages_cost_the_same_for_few_and_many(as_monitor, as_coordinator, world):
    for run in world.runs.values():
        ask(run, lessons={"percent": 100})
    make_map(LATER)
    successor = unit("13384", LATER)
    UnitSuccession.objects.create(from_unit=unit("13384"), to_unit=successor, extent="whole")
    record_areas()
    focal_point = make_official(Role.FOCAL_POINT, "13384")
    assign_role(user=focal_point, role=Role.FOCAL_POINT, unit=unit("13387", LATER))
    readers = [
        (as_monitor, COSTS),
        (as_coordinator, COSTS_OF_A_DISTRICT | COSTS_OF_A_PART),
        (browse(focal_point), COSTS_OF_A_PART),
    ]
    update_tallies(on=localdate())
    found = pages()
    # Since when the history is known is kept for an hour.
    as_monitor.get(found["report past"])
    for people, on_another_map in ((1, False), (1, True), (3, True)):
        have_people(world, people=people, on_another_map=on_another_map)
        record_missing(at=timezone.now() - timedelta(days=10))
        assert _costs(as_monitor, COSTS_OF_STALE, found) == told(COSTS_OF_STALE, on_another_map)
        update_tallies(on=localdate())
        for client, known in readers:
            assert _costs(client, known, found) == told(known, on_another_map)
    every = [*(known for _client, known in readers), COSTS_OF_STALE]
    assert max(max(cost) for known in every for cost in known.values()) <= MOST


def told(known, on_another_map):
    return {name: cost[on_another_map] for name, cost in known.items()}


def test_place_that_is_not_recorded_is_walked(as_monitor, world):
    """Of a map that was loaded before places were recorded."""
    make_map(LATER)
    UnitSuccession.objects.create(
        from_unit=unit("13384"), to_unit=unit("13384", LATER), extent="whole"
    )
    record_areas()
    have_people(world, people=1, on_another_map=True)
    asked = {name: url for name, url in pages().items() if not name.endswith("past")}
    recorded = {name: _told(as_monitor, url) for name, url in asked.items()}

    UnitPlace.objects.all().delete()

    assert recorded == {name: _told(as_monitor, url) for name, url in asked.items()}


def _costs(client, known, found):
    return {name: _cost(client, found[name]) for name in known}


def _cost(client, url) -> int:
    """Ask as the first in a process: nothing is remembered of the figures."""
    forget()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def _told(client, url):
    context = client.get(url).context
    return [(row["label"], str(row.get("cells"))) for row in context["rows"]]
