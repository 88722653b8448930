"""The completion report of a whole country: pages, names as a file, and what keeping its figures costs.

How many people it has is asked by `--people`; the provinces of a smaller country are as large, so that what
grows with people shows beside what does not.
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from importlib import import_module
from multiprocessing import get_context
from resource import RUSAGE_SELF, getrusage
from typing import Any

import xlsxwriter
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from courses.models import LessonCompletion, Programme
from lms.accounts.enums import Role
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.roles import assign_role
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.tally_keeping import KEPT, rebuild_tally, update_tallies
from tests.benchmarks.country import Size, make_country
from tests.benchmarks.enlarging import count_queries, log_in, make_class, staff
from tests.benchmarks.first_visits import started_process
from tests.benchmarks.jobs import everybody_present, note_all
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.timing import Visits, in_turns, milliseconds, timed

PEOPLE = "BENCH_PEOPLE"
SMALL = 50_000
ROUNDS, PAST_ROUNDS = 20, 5
FEW_QUERIES, PAGE, DRILL = Aim("<=", 15, "queries"), Aim("<", 150, "ms"), Aim("<", 100, "ms")
#: What a past day of a province may take, however many people the country has.
A_SECOND = Aim("<", 1, "s")
BURST, ROLL = 3_000, 500
#: What the country is asked to hold, and how much longer its page may take than that of a province.
LESSONS_A_PERSON, GROWTH = 10, 4
MEGABYTE = 1024


@dataclass(frozen=True)
class Place:
    """Who looks at what, and its units as SQL sees them."""

    name: str
    reader: User
    url: str
    root: AdministrativeUnit | None
    aims: tuple[Aim, ...]


def country() -> list[Measure]:
    """Make it, keep its figures, look at it, take its names out."""
    # Its connections are those of a web process.
    import_module("lms.wsgi")
    connection.close()
    size, begun = Size(int(os.environ.get(PEOPLE, SMALL))), time.perf_counter()
    programme = make_country(size)
    made = time.perf_counter() - begun
    rebuild = timed(lambda: rebuild_tally(programme=programme, on=localdate()))
    kept = in_turns(rebuild, timed(lambda: _group_raw(programme, None)), rounds=1, warm_up=0)
    with connection.cursor() as cursor:
        for model in KEPT:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    update_tallies(on=localdate())
    places = list(_places(programme))
    first_visits = _first_visits(places, programme)
    return [
        _size(size, programme),
        Measure(
            name=f"country of {size.people:,} people made",
            value=f"{made:.0f} s",
            floor_name="all figures counted",
            floor=f"{kept.job:.1f} s",
            ratio=made / kept.job,
        ),
        Measure(
            name="all figures counted anew",
            value=f"{kept.job:.1f} s",
            floor_name="bare GROUP BY of the rows",
            floor=milliseconds(kept.floor),
            ratio=kept.ratio,
        ),
        *(one for place in places for one in _pages(place, programme, first_visits[place.name])),
        _growth(*places[:2]),
        _past(places[0], A_SECOND),
        _past(places[1]),
        _names(places[1], programme),
        _burst(),
    ]


def _size(size: Size, programme: Programme) -> Measure:
    """Tell what the country holds; there are ten lessons completed a person at least."""
    units = AdministrativeUnit.objects.filter(edition=programme.edition_id)
    of_level = {
        level: units.filter(level=level).count() for level in ("province", "district", "commune")
    }
    told = ", ".join(f"{count:,} {level}" for level, count in of_level.items())
    lessons = LessonCompletion.objects.filter(enrolment__run__programme=programme).count()
    return Measure(
        name=f"lessons completed; {told}",
        value=f"{lessons:,}",
        floor_name="people",
        floor=f"{size.people:,}",
        ratio=lessons / size.people,
        aims=(Aim(">=", LESSONS_A_PERSON, "x"),),
    )


def _growth(small: Place, large: Place) -> Measure:
    """Compare the page of everybody with that of a province: it has as many rows as provinces or
    districts, not as people.
    """
    pages = [timed(partial(_ask, log_in(one.reader), one.url)) for one in (large, small)]
    pair = in_turns(*pages, rounds=ROUNDS)
    return Measure(
        name=f"{large.name}, as large as it is",
        value=milliseconds(pair.job),
        floor_name=small.name,
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(Aim("<", GROWTH, "x"),),
    )


def _places(programme: Programme) -> Iterator[Place]:
    """Yield the small province, the whole, and what one opens from both."""
    units = AdministrativeUnit.objects.filter(edition=programme.edition_id).order_by("path")
    province = units.filter(level="province").first()
    below = units.filter(path__startswith=province.path)
    # Not the first ones, which a process reads for itself when it starts.
    district, commune = (below.filter(level=level).last() for level in ("district", "commune"))
    monitor = User.objects.create(staff_code="BENCH-MONITOR", full_name="Cán bộ tỉnh")
    assign_role(user=monitor, role=Role.MONITOR, unit=province)
    everywhere = User.objects.create(
        staff_code="BENCH-ALL", full_name="Cán bộ trung ương", is_superuser=True
    )
    asked = f"?programme={programme.pk}"
    whole = reverse("reporting:completion") + asked
    aims = (FEW_QUERIES, PAGE)
    yield Place("province of 3,000", monitor, whole, province, (*aims, Aim("<=", 25, "x")))
    yield Place("country", everywhere, whole, None, aims)
    course = programme.requirements.order_by("course").values_list("course", flat=True).first()
    yield Place("country, one course", everywhere, f"{whole}&course={course}", None, aims)
    for who, reader in (("province", monitor), ("country", everywhere)):
        url = reverse("reporting:completion_unit", args=[district.pk]) + asked
        yield Place(f"district, from the {who}", reader, url, district, (FEW_QUERIES, DRILL))
        url = reverse("reporting:people", args=[commune.pk]) + asked
        yield Place(
            f"names of a commune, from the {who}", reader, url, commune, (FEW_QUERIES, DRILL)
        )


def _first_visits(places: list[Place], programme: Programme) -> dict[str, Visits]:
    """Ask each page cold: as the first page of a process that has just started as `lms.wsgi` does, over
    its first connection, with nothing in the shared cache.
    """
    with started_process() as visit:
        return {
            place.name: Visits.of(partial(_first_visit, visit, place), _floors(place, programme)[0])
            for place in places
        }


def _first_visit(visit: Callable[[str, str], float], place: Place) -> float:
    cookies = log_in(place.reader).cookies
    cache.clear()
    seconds = visit(place.url, cookies.output(header="", attrs=[], sep=";").strip())
    if math.isnan(seconds):
        raise AssertionError(f"{place.url}: not answered")
    return seconds


def _floors(place: Place, programme: Programme) -> list[tuple[str, Callable[[], float]]]:
    """Return both bare queries, that of the rows first."""
    return [
        ("GROUP BY of the rows", timed(partial(_group_raw, programme, place.root))),
        ("GROUP BY of kept figures", timed(partial(_group_kept, programme, place.root))),
    ]


def _pages(place: Place, programme: Programme, first: Visits) -> Iterator[Measure]:
    """Compare the page with both bare queries. Warm: just looked at; changed: one commune has changed
    since its figures were kept; cold: see `_first_visits`.
    """
    queries, client = count_queries(place.reader, place.url), log_in(place.reader)
    posts = Posting.objects.filter(unit__edition=programme.edition_id, valid_to=None)
    here = posts.filter(unit__path__startswith=place.root.path) if place.root else posts
    post = here.latest("pk")
    ask = timed(partial(_ask, client, place.url))

    def changed() -> float:
        Posting.objects.filter(pk=post.pk).update(cadre=post.cadre, valid_from=localdate())
        Posting.objects.filter(pk=post.pk).update(valid_from=post.valid_from)
        return ask()

    rows, kept = _floors(place, programme)
    measured = [
        ("warm", Visits.of(ask, rows)),
        ("warm", Visits.of(ask, kept)),
        ("changed", Visits.of(changed, rows)),
        ("cold", first),
    ]
    for name, visits in measured:
        yield Measure(
            name=f"{place.name}, {name} ({queries} queries, p95 {visits.p95:.0f} ms)",
            value=milliseconds(visits.pair.job),
            floor_name=visits.floor_name,
            floor=milliseconds(visits.pair.floor),
            ratio=visits.pair.ratio,
            aims=place.aims if visits.floor_name == rows[0] else (),
            figures={"queries": queries, "ms": visits.p95},
        )
    update_tallies(on=localdate())


def _past(place: Place, *aims: Aim) -> Measure:
    """Compare the page as of a day that is over, told from facts, with that of today."""
    client, day = log_in(place.reader), localdate() - timedelta(days=200)
    url = f"{place.url}&on={day.isoformat()}"
    queries = count_queries(place.reader, url)
    pair = in_turns(
        timed(lambda: _ask(client, url)), timed(lambda: _ask(client, place.url)), rounds=PAST_ROUNDS
    )
    return Measure(
        name=f"{place.name}, as of 200 days ago ({queries} queries)",
        value=milliseconds(pair.job),
        floor_name="its page of today",
        floor=milliseconds(pair.floor),
        ratio=pair.ratio,
        aims=(FEW_QUERIES, *aims),
        figures={"queries": queries, "s": pair.job},
    )


def _ask(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != HTTPStatus.OK:
        raise AssertionError(f"{url}: {answer.status_code}")


def _group_raw(programme: Programme, root: AdministrativeUnit | None) -> None:
    _query(
        "SELECT left(u.path, 8), count(*), sum((e.status = 'completed')::int) FROM courses_enrolment e"
        " JOIN courses_courserun r ON r.id = e.run_id JOIN geography_administrativeunit u"
        " ON u.id = e.unit_id WHERE r.programme_id = %s AND u.path LIKE %s GROUP BY 1",
        programme,
        root,
    )


def _group_kept(programme: Programme, root: AdministrativeUnit | None) -> None:
    _query(
        "SELECT left(u.path, 8), t.state, sum(t.people) FROM reporting_completiontally t"
        " JOIN geography_administrativeunit u ON u.id = t.unit_id"
        " WHERE t.in_all AND t.programme_id = %s AND u.path LIKE %s GROUP BY 1, 2",
        programme,
        root,
    )


def _query(sql: str, programme: Programme, root: AdministrativeUnit | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [programme.pk, f"{root.path if root else ''}%"])
        if not cursor.fetchall():
            raise AssertionError("nobody is counted")


def _names(place: Place, programme: Programme) -> Measure:
    """Take all names out as XLSX, in a process of its own whose memory is told."""
    url = f"{reverse('reporting:all_people_file')}?programme={programme.pk}&export=xlsx"
    with get_context("fork").Pool(1) as pool:
        before, peak, seconds, size = pool.apply(_take_out, (place.reader.pk, url))
    rows = int(os.environ.get(PEOPLE, SMALL))
    floor = timed(lambda: _write(rows))()
    return Measure(
        name=f"names as XLSX, {size / 1e6:.0f} MB; {peak - before:.0f} MB more than the page",
        value=f"{seconds:.0f} s",
        floor_name="as many cells by XlsxWriter",
        floor=f"{floor:.0f} s",
        ratio=seconds / floor,
        aims=(Aim("<", 100, "MB"),),
        figures={"MB": peak - before},
    )


def _take_out(reader: int, url: str) -> tuple[float, float, float, int]:
    for one in connections.all():
        one.connection = None
    client = log_in(User.objects.get(pk=reader))
    _ask(client, reverse("reporting:completion"))
    before, begun = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter()
    answer = client.get(url)
    size = sum(map(len, answer.streaming_content))
    peak, seconds = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter() - begun
    return before / MEGABYTE, peak / MEGABYTE, seconds, size


def _write(rows: int) -> None:
    with xlsxwriter.Workbook(os.devnull, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(rows):
            sheet.write_row(row, 0, ["Nguyễn Thị Mẫu"] * 8)


def _burst() -> Measure:
    """Note 3,000 marks that decide completion, with the triggers that note stale figures and without."""
    run, trainer = make_class(ROLL), staff("GV001")[0]
    session, entries = run.sessions.first(), everybody_present(list(run.enrolments.all()))

    def note(triggers: str) -> float:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for table, name in _triggers(cursor):
                    cursor.execute(f"ALTER TABLE {table} {triggers} TRIGGER {name}")
            begun = time.perf_counter()
            for _roll in range(BURST // ROLL):
                with transaction.atomic():
                    sid = transaction.savepoint()
                    note_all(session, entries, trainer)
                    transaction.savepoint_rollback(sid)
            taken = time.perf_counter() - begun
            transaction.set_rollback(True)
        return taken

    pair = in_turns(lambda: note("ENABLE"), lambda: note("DISABLE"), rounds=5)
    return Measure(
        name=f"{BURST:,} marks with completion decided",
        value=f"{pair.job:.2f} s",
        floor_name="without keeping figures",
        floor=f"{pair.floor:.2f} s",
        ratio=pair.ratio,
        aims=(Aim("<", 1.2, "x"),),
    )


def _triggers(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE starts_with(tgname, %s)",
        ["reporting_tally_"],
    )
    return cursor.fetchall()
