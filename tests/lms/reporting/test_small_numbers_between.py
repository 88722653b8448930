"""Two reports that have left the office: together they tell of no small group either."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.reporting.domain import snapshot_hiding
from lms.reporting.domain.periods import period_of
from lms.reporting.domain.small_numbers import SMALLEST_SHOWN, Sum, is_small
from lms.reporting.domain.snapshot_hiding import Together, Told, cells_to_hide, little_moves
from lms.reporting.domain.snapshot_paper import HIDDEN, compose_paper
from lms.reporting.domain.snapshot_sums import COLUMNS, STATES
from lms.reporting.domain.snapshots import approve_snapshot
from lms.reporting.enums import PeriodKind
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.lms.reporting.frozen import JUNE, draft
from tests.lms.reporting.test_small_numbers import solve

FIGURE = st.integers(0, 9)
DISTRICTS = {"d1": ("a", "b"), "d2": ("c", "d", "e")}


def row_of(states, **told):
    figures = dict(zip(STATES, states, strict=True))
    return {**told, "people": sum(states), **figures}


def add_up(rows, **told):
    return row_of([sum(row[state] for row in rows) for state in STATES], **told)


def facts_of(rows, places, cadres, total):
    return {"rows": rows, "places": places, "cadres": cadres, "total": total, "hidden": []}


@st.composite
def provinces(draw):
    """Reports of a province and of each of its districts, of the same evening: place, cadre, state."""
    of_cell = {
        (commune, cadre): [draw(FIGURE) if number < 3 else 0 for number in range(len(STATES))]
        for communes in DISTRICTS.values()
        for commune, cadre in product(communes, "xy")
    }

    def summed(communes, cadres):
        return [
            sum(of_cell[one][number] for one in product(communes, cadres))
            for number in range(len(STATES))
        ]

    def commune_row(commune, district):
        told = {"key": commune, "unit": commune, "district": district, "has_communes": False}
        return row_of(summed([commune], "xy"), **told)

    def cadre_rows(communes):
        return [row_of(summed(communes, cadre), key=cadre) for cadre in "xy"]

    reports, rows, places = [], [], []
    for district, communes in DISTRICTS.items():
        below = [commune_row(commune, "") for commune in communes]
        total = add_up(below)
        reports.append(Told(district, facts_of(below, [], cadre_rows(communes), total)))
        told = {"key": district, "unit": district, "district": "", "has_communes": True}
        rows.append(add_up(below, **told))
        places += [commune_row(commune, district) for commune in communes]
    everywhere = [commune for communes in DISTRICTS.values() for commune in communes]
    cadres = cadre_rows(everywhere)
    reports.append(Told("p", facts_of(rows, places, cadres, add_up(rows))))
    return draw(st.permutations(reports))


def hide(reports):
    """Let them leave the office one after the other; the last may be once more one of the first."""
    gone = []
    for report in reports:
        cells = cells_to_hide(report=report, others=gone)
        report.facts["hidden"] = [list(cell) for cell in cells]
        gone.append(report)
    return gone


def cadres_added_up(cells):
    """Nobody of the province is outside its two districts."""
    return [
        Sum(whole, (cells["d1"][cell], cells["d2"][cell]))
        for cell, whole in cells["p"].items()
        if cell[0] == "cadres"
    ]


@given(provinces())
def test_reports_of_one_evening_give_back_no_small_figure_together(reports):
    together, hidden, shown = Together(), set(), set()
    cells = {}
    for report in hide(reports):
        cells[report.unit_code] = together.add(report)
        for cell, key in cells[report.unit_code].items():
            (hidden if cell in report.hidden else shown).add(key)
    hidden -= shown

    figures, sums = together.figures, [*together.sums, *cadres_added_up(cells)]
    assert {key for key, figure in figures.items() if is_small(figure)} <= hidden
    assert not [key for key in solve(figures, sums, hidden) if is_small(figures[key])]
    for one in sums:
        if one.whole not in hidden:
            rest = sum(figures[part] for part in one.parts if part in hidden)
            assert rest == 0 or rest >= SMALLEST_SHOWN


def test_figure_is_known_again_whatever_stands_in_between():
    """The total of a district, corrected, and then its row in two reports of the province."""
    states = [62, 0, 0, 0, 0], [60, 0, 0, 0, 0]
    corrected, row = (
        row_of(one, key="d1", unit="d1", district="", has_communes=True) for one in states
    )
    province = facts_of([row], [], [], add_up([row]))
    together = Together()
    together.add(Told("d1", facts_of([], [], [], corrected)))

    first, again = (together.add(Told("p", province)) for _ in range(2))

    assert first == again


def test_cadre_of_a_district_does_not_follow_from_its_province_and_the_other_districts():
    def report(unit_code, **cadres):
        rows = [row_of([count, 0, 0, 0, 0], key=key) for key, count in cadres.items()]
        return Told(unit_code, facts_of([], [], rows, add_up(rows)))

    districts = [report("d1", x=3, y=20, z=30), report("d2", x=10, y=20, z=30)]
    whole = report("p", x=13, y=40, z=60)
    whole.facts["rows"] = [
        {**one.facts["total"], "key": one.unit_code, "unit": one.unit_code, "has_communes": True}
        for one in districts
    ]

    *_districts, province = hide([*districts, whole])

    assert ("cadres", "x", "people") in province.hidden


@given(provinces())
def test_same_report_again_hides_the_same(reports):
    first, *_others = hide(reports)
    again = Told(first.unit_code, {**first.facts, "hidden": []})
    assert cells_to_hide(report=again, others=[first]) == first.hidden


def test_report_by_itself_may_show_what_it_must_hide_beside_another():
    """The district shows the larger commune, which the province hides to protect the smaller one."""
    states = [3, 0, 0, 0, 0], [7, 0, 0, 0, 0], [9, 0, 0, 0, 0]
    small, large, largest = (
        row_of(one, key=key, unit=key, district="", has_communes=False)
        for one, key in zip(states, "abc", strict=True)
    )
    whole = add_up([small, large, largest])
    gone = Told("d", facts_of([small, large, largest], [], [], whole))
    gone.facts["hidden"] = [["rows", key, one] for key in "ac" for one in COLUMNS]

    alone = cells_to_hide(
        report=Told("d", facts_of([small, large, largest], [], [], whole)), others=[]
    )
    beside = cells_to_hide(
        report=Told("d", facts_of([small, large, largest], [], [], whole)), others=[gone]
    )

    assert {key for _table, key, _column in alone} == {"a", "b"}
    assert {key for _table, key, _column in beside} >= {"a", "c"}


@pytest.mark.django_db
def test_district_is_hidden_beside_its_province_when_it_is_approved(world, monitor, chief, people):
    of_district = draft(world, monitor, "350")
    before = of_district.facts["hidden"]
    province = approve_snapshot(snapshot=draft(world, monitor), by=chief, at=JUNE)

    approved = approve_snapshot(snapshot=of_district, by=chief, at=JUNE)

    together = cells_to_hide(
        report=Told("350", approved.facts), others=[Told("35", province.facts)]
    )
    assert {tuple(cell) for cell in approved.facts["hidden"]} == together
    assert approved.facts["hidden"] != before


@pytest.mark.django_db
def test_report_heeds_those_of_other_districts(world, monitor, chief, people, monkeypatch):
    """Beside a report of the province they tell together what none tells alone."""
    gone = approve_snapshot(snapshot=draft(world, monitor, "353"), by=chief, at=JUNE)
    heeded = []
    monkeypatch.setattr(
        snapshot_hiding,
        "cells_to_hide",
        lambda *, report, others: (heeded.extend(one.unit_code for one in others), set())[1],
    )

    draft(world, monitor, "350")

    assert heeded == [gone.unit.code]


@pytest.mark.django_db
def test_period_inside_another_tells_no_few_who_completed_before_it(world, monitor, chief, people):
    """Six have completed in the quarter; three fewer in its last month would be a small group."""
    month, quarter = (
        period_of(kind=kind, day=date(2014, 6, 1))
        for kind in (PeriodKind.MONTH, PeriodKind.QUARTER)
    )
    assert month.ends_on == quarter.ends_on
    of_month = approve_snapshot(snapshot=draft(world, monitor, period=month), by=chief, at=JUNE)
    set_fields(of_month, facts=of_month.facts | {"completed_in_period": 3})

    of_quarter = draft(world, monitor, period=quarter)

    assert of_quarter.facts["completed_in_period"] == 6
    told = compose_paper(snapshot=of_quarter)["paragraphs"]
    assert any(HIDDEN in sentence and of_quarter.facts["period"] in sentence for sentence in told)


@pytest.mark.django_db
@pytest.mark.parametrize(("in_period", "hides"), [(9, True), (6, False), (12, False)])
def test_province_and_its_districts_tell_no_few_who_completed_elsewhere(
    world, monitor, approved, in_period, hides
):
    """Six completed in the month in the district: in the rest of the province none, or enough."""
    total = approved.facts["total"] | {"completed": 20}
    told = {"total": total, "completed_in_period": in_period, "hidden": []}
    set_fields(approved, facts=approved.facts | told)

    facts = draft(world, monitor, "350").facts

    assert facts["completed_in_period"] == 6
    assert facts["hides_period"] is hides


@pytest.mark.django_db
def test_approver_is_told_how_many_figures_moved_by_few(world, monitor, approved):
    assert little_moves(snapshot=approved) is None
    PostingFactory(unit=unit("13384"), valid_from=date(2014, 6, 2))
    june = period_of(kind=PeriodKind.MONTH, day=date(2014, 6, 1))

    later = draft(world, monitor, period=june, at=JUNE + timedelta(days=30))

    earlier, few = little_moves(snapshot=later)
    assert earlier == approved
    assert few > 0
