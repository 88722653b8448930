"""Every cell of the completion tables, counted a second time from raw rows after random histories."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from itertools import product
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.region_queries import NAMED
from lms.reporting.domain.rows import Row
from lms.reporting.domain.tables import Table, completion_table, table_in_short
from lms.reporting.domain.tally_keeping import find_differences, update_tallies
from lms.reporting.domain.trend import line_of
from lms.reporting.enums import Beyond, CountedAt
from lms.reporting.models import CompletionTally, TallyDue
from tests.chance import fewer_examples
from tests.factories.accounts import browse, make_official
from tests.factories.geography import unit
from tests.lms.reporting.histories import (
    ACTS,
    COLLABORATOR,
    OFFICER,
    PEOPLE,
    TODAY,
    History,
)
from tests.lms.reporting.slow_count import SEXES, STATES, Counted, Facts, Recount, cells_of

pytestmark = pytest.mark.sqlite("time: days and moments in sub-queries")
LENGTH = 60
SOON = TODAY + timedelta(days=6)
COMMUNES = ("communes", "reached", "done", "unknown", "unreached", "ahead")
# What a table is narrowed to, and its day.
NARROWED = ((None, TODAY), (COLLABORATOR, TODAY), (OFFICER, SOON))
_SHOWN = ("communes_reached", "communes_done", "communes_unknown", "communes_unreached")


def told(row: Row) -> dict[str, Any]:
    """The cells of a row of the report."""
    figures = row.figures
    return {
        **{state: getattr(figures, state) for state in STATES},
        "starts_on": figures.starts_on,
        "left": figures.left,
        "certificates": figures.extra.get("certificates.issued", 0),
        **{sex: row.figures.people_of(sex) for sex in SEXES},
        **{f"{sex}_completed": row.figures.completed_of(sex) for sex in SEXES},
        "communes": row.communes,
        **dict(zip(COMMUNES[1:], [getattr(row, name) for name in _SHOWN], strict=False)),
        "ahead": row.communes_ahead,
        "moved_in": row.moved_in,
        "moved_out": row.moved_out,
    }


def name_of(row: Row) -> str:
    if row.unit is None:
        return row.beyond.value if row.beyond else "total"
    return f"office {row.unit.code}" if row.is_office else str(row.unit.code)


def recounted(recount: Recount, top: AdministrativeUnit, *, is_whole: bool) -> dict[str, Any]:
    """The rows of the table below `top` by name, and their total."""
    people, certificates = recount.people(), recount.certificates()
    units = [one for one in recount.facts.units.values() if one["edition_id"] == top.edition_id]
    below = [one for one in units if one["path"].startswith(top.path)]
    places: dict[str, list[Any]] = {f"office {top.code}": [top.pk]}
    for child in below:
        if len(child["path"]) == len(top.path) + 4:
            inside = [one for one in below if one["path"].startswith(child["path"])]
            places[child["code"]] = [one["id"] for one in inside]
    if is_whole:
        places |= {beyond.value: [beyond.value] for beyond in Beyond}
    rows = {name: _row(people, certificates, here, units) for name, here in places.items()}
    everywhere = {place for here in places.values() for place in here}
    total: Counter[str] = Counter()
    for name in [*rows]:
        row = rows[name]
        # An office or a reason without anybody is not shown.
        if not (name.isdigit() or any(row[s] for s in (*STATES, "moved_out", "certificates"))):
            del rows[name]
            continue
        total.update({key: value for key, value in row.items() if isinstance(value, int)})
    first_days = [row["starts_on"] for row in rows.values() if row["starts_on"]]
    total_row = {key: total[key] for key in _row([], certificates, [], units)}
    total_row |= {"starts_on": min(first_days, default=None), **_ends(people, everywhere)}
    return {**rows, "total": total_row}


def _row(
    people: list[Counted], certificates: Counter[Any], here: Iterable[Any], units: list[Any]
) -> dict[str, Any]:
    here = set(here)
    inside = [one for one in people if one.place in here]
    communes = [one["id"] for one in units if one["id"] in here and one["level"] == "commune"]
    states = [Counter(one.state for one in inside if one.place == pk) for pk in communes]
    return {
        **cells_of(inside, sum(certificates[place] for place in here)),
        "communes": len(communes),
        "reached": sum(1 for one in states if one["completed"]),
        "done": sum(1 for one in states if one and one.total() == one["completed"]),
        "unknown": sum(1 for one in states if not one),
        "unreached": sum(1 for one in states if one and one.total() == one["no_class"]),
        "ahead": sum(1 for one in states if one and one.total() == one["to_come"]),
        **_ends(people, here),
    }


def _ends(people: list[Counted], here: set[Any]) -> dict[str, int]:
    return {
        "moved_in": sum(1 for one in people if one.place in here and one.source not in here),
        "moved_out": sum(1 for one in people if one.source in here and one.place not in here),
    }


def tables_of(
    history: History, facts: Facts, reader: User, ways: Iterable[CountedAt], turn: int
) -> Iterator[tuple[str, Any, Any]]:
    """Each table that this reader can ask for: its name, told, recounted.

    Each is narrowed in one way, another one each turn: all turns together ask for all.
    """
    everybody = reader.scope.oversees_province
    area = None if everybody else [path for _role, path in reader.scope.assignments]
    editions = [history.edition, history.next_edition] if everybody else [history.edition]
    tops: list[str | None] = [None, "350", "353"] if everybody else [None]
    for number, (edition, top, counted_at) in enumerate(product(editions, tops, ways), turn):
        cadre, day = NARROWED[number % len(NARROWED)]
        recount = Recount(
            programme=history.programme.pk,
            edition=edition.pk,
            on=day,
            area=area,
            cadres=[cadre] if cadre else None,
            now=counted_at == CountedAt.NOW,
            facts=facts,
        )
        table = _table(history, edition, top, day, reader, cadre, counted_at)
        place = unit(top or ("35" if everybody else "350"), edition.code)
        expected = recounted(recount, place, is_whole=top is None)
        name = f"{edition.code} {top} {counted_at!r} {cadre} {day}"
        yield name, table, expected
        if number % 2:
            continue
        short = _table(history, edition, top, day, reader, cadre, counted_at, table_in_short)
        assert described(short, day) == described(table, day), name
        yield f"in short {name}", short, expected


def described(table: Table, on: date) -> list[Any]:
    """All that a page tells of a table besides its cells."""
    latest = [(row.is_unreached, row.unit and row.unit.code) for row in table.to_look_at]
    return [
        *(
            (name_of(row), row.goal, row.is_done, row.latest and row.latest.unit.code)
            for row in (*table.rows, table.total)
        ),
        *(line_of(row.figures.days, on=on) for row in (*table.rows, table.total)),
        # Of those that no class has reached so many are named, of the others the first.
        *(
            [code for kind, code in latest if kind is is_unreached][:named]
            for is_unreached, named in ((True, NAMED), (False, 1))
        ),
    ]


def differences(
    found: dict[str, dict[str, Any]], expected: dict[str, dict[str, Any]]
) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Each cell that is not what it should be, by row and column: found, expected."""
    return {
        (name, key): (found.get(name, {}).get(key), expected.get(name, {}).get(key))
        for name in found.keys() | expected.keys()
        for key in found.get(name, {}).keys() | expected.get(name, {}).keys()
        if found.get(name, {}).get(key) != expected.get(name, {}).get(key)
    }


def _table(
    history: History, edition: BoundaryEdition, top, day, reader, cadre, at, ask=completion_table
) -> Table:
    return ask(
        programme=history.programme,
        edition=edition,
        on=day,
        reader=reader,
        parent=unit(top, edition.code) if top else None,
        cadres=[cadre] if cadre else None,
        counted_at=at,
    )


# A shorter history that fails as well takes minutes to find, and tells no more.
@pytest.mark.parametrize("turn", range(len(NARROWED)))
@settings(fewer_examples(1), phases=[Phase.generate])
@given(number=st.integers(0, 2**32))
def test_every_cell_is_what_plain_loops_over_raw_rows_find(edition, turn, number):
    # Another history in each turn, also where one example is asked for.
    seed = number * len(NARROWED) + turn
    with transaction.atomic():
        history = History(edition)
        coordinator = make_official(Role.COORDINATOR, "350")
        update_tallies(on=TODAY - timedelta(days=seed % 3))
        live_at_random(history, seed)
        if seed % 2:
            update_tallies(on=TODAY)
            live_at_random(history, seed + 1)
        facts = Facts()
        people = [User.objects.get(pk=one.pk) for one in (history.reader, coordinator)]

        compare(history, facts, people, turn)

        update_tallies(on=TODAY)
        assert not TallyDue.objects.exists()
        assert [str(found) for found in find_differences(on=TODAY)] == []
        compare(history, facts, people[:1], turn, ways=[CountedAt.ENROLMENT])
        assert kept_by_sex(history) == counted_by_sex(history, facts)
        transaction.set_rollback(True)


def compare(
    history: History, facts: Facts, readers: list[User], turn: int, ways=tuple(CountedAt)
) -> None:
    for reader in readers:
        for name, table, expected in tables_of(history, facts, reader, ways, turn):
            rows = {name_of(row): told(row) for row in (*table.rows, table.total)}
            assert differences(rows, expected) == {}, name
            assert sum(row.figures.people for row in table.rows) == table.total.figures.people


def kept_by_sex(history: History) -> Counter[tuple[Any, ...]]:
    """People by unit, cadre, sex and state, as they are kept."""
    rows = CompletionTally.objects.filter(programme=history.programme, course=0, in_all=True)
    kept: Counter[tuple[Any, ...]] = Counter()
    for *cell, people in rows.values_list("unit", "cadre", "sex", "state", "people"):
        kept[tuple(cell)] += people
    return kept


def counted_by_sex(history: History, facts: Facts) -> Counter[tuple[Any, ...]]:
    """The same of raw rows: women, men and unknown are all, since each is in one cell."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for edition in (history.edition, history.next_edition):
        recount = Recount(history.programme.pk, edition.pk, TODAY, facts=facts)
        for one in recount.people():
            if one.place in facts.units and facts.units[one.unit]["edition_id"] == edition.pk:
                counted[one.unit, one.cadre, facts.users[one.user]["sex"], one.state] += 1
    return counted


def live_at_random(history: History, seed: int) -> None:
    chance = Random(seed)
    for _step in range(LENGTH):
        history.act(chance.randrange(len(ACTS)), chance.randrange(PEOPLE), chance.randrange(84))


def test_file_holds_the_figures_that_plain_loops_find(edition):
    history = History(edition)
    live_at_random(history, seed=17)
    for counted in ("", "now"):
        recount = Recount(history.programme.pk, edition.pk, localdate(), now=bool(counted))
        expected = recounted(recount, unit("35"), is_whole=True)
        figures = figures_in_file(history, counted)
        assert figures == [_in_file(row, is_now=bool(counted)) for row in expected.values()]


def figures_in_file(history: History, counted: str) -> list[Any]:
    response = browse(history.reader).get(
        reverse("reporting:completion_file"),
        {"counted": counted, "export": "csv", "programme": history.programme.pk},
    )

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = [line for line in csv.reader(StringIO(text)) if line]
    head = next(index for index, line in enumerate(lines) if len(line) > 5)
    return [_numbers(line) for line in lines[head + 1 :]]


def _in_file(row: dict[str, Any], *, is_now: bool) -> list[Any]:
    people = sum(row[state] for state in STATES)
    moves = [row["moved_in"], row["moved_out"], people - row["moved_in"] + row["moved_out"]]
    return [
        people,
        row["completed"],
        row["learning"],
        row["to_come"],
        row["not_completed"],
        row["no_class"],
        row["starts_on"],
        *(row[key] for sex in SEXES for key in (sex, f"{sex}_completed")),
        row["communes"],
        row["reached"],
        row["done"],
        *([*moves, row["left"]] if is_now else []),
        row["certificates"],
    ]


def _numbers(line: list[str]) -> list[Any]:
    """The cells behind the place, without the share, which follows from two of them."""
    _place, people, completed, _share, *others = line
    return [_number(cell) for cell in (people, completed, *others)]


def _number(cell: str) -> int | date | None:
    if not cell:
        return None
    return int(cell) if cell.isdigit() else date.fromisoformat(cell)
