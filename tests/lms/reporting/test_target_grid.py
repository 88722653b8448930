"""Targets typed in a grid: read, refused in the cell, saved at once, by whom."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.models import Programme
from lms.accounts.enums import Cadre, Role
from lms.geography.enums import Level
from lms.reporting.domain.target_grid import (
    RowChange,
    cell_key,
    read_change,
    read_grid,
    save_grid,
)
from lms.reporting.domain.targets import read_people
from lms.reporting.domain.thresholds import Threshold
from lms.reporting.models import CoverageTarget
from tests.factories.accounts import browse, make_official
from tests.factories.geography import unit
from tests.factories.reporting import set_target
from tests.refusing import raises_refusal
from tests.shared import shared

pytestmark = pytest.mark.django_db

GRID = reverse("reporting:targets")
OWN = Cadre.COLLABORATOR.value


@shared
def planned(world):
    """Kim Bảng has 40 collaborators as a target."""
    return set_target(world, "350", cadre=OWN, people=40, percent=80)


def typed(page, **cells):
    """What a browser sends of the page, with these cells typed over."""
    form = page.context["form"]
    sent = {}
    for name, field in form.fields.items():
        sent[name] = field.initial
        sent[form.add_initial_prefix(name)] = field.initial
    return sent | cells


def key(code, cadre=OWN):
    return cell_key(unit(code), cadre)


def targets():
    return {
        (one.unit.code, one.cadre): (one.people, one.percent, one.each_commune)
        for one in CoverageTarget.objects.select_related("unit")
    }


def save(world, by, *changes):
    return save_grid(programme=world.programme, changes=changes, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("12", 12),
        ("1.200", 1200),
        ("2 000 người", 2000),
        ("3 cán bộ.", 3),
        ("1000000", 1_000_000),
        ("tất cả", None),
        ("All", None),
    ],
)
def test_cell_is_read_as_offices_write_it(text, people):
    assert read_people(text=text) == people


@pytest.mark.parametrize(
    "text", ["0", "-3", "mười", "1,5", "1.5", "12.34", "người", "9999999", "²"]
)
def test_what_is_no_number_of_people_is_refused(text):
    with raises_refusal("people_unclear"):
        read_people(text=text)


def test_grid_shows_the_province_and_its_districts_and_a_district_its_communes(planned, as_monitor):
    page = as_monitor.get(GRID)
    assert [str(row["unit"]) for row in page.context["rows"]] == [
        str(unit(code)) for code in ("35", "350", "353")
    ]
    assert page.context["form"].fields[key("350")].initial == "40"
    assert page.context["form"].fields[key("350", "threshold")].initial == "80 %"
    page = as_monitor.get(reverse("reporting:targets_unit", args=[unit("350").pk]))
    units = {row["unit"].code for row in page.context["rows"]}
    assert {"350", "13384", "13387"} <= units
    assert "13591" not in units


def test_map_without_districts_shows_communes(world, monitor):
    world.programme.edition.units.filter(level=Level.DISTRICT).update(level=Level.COMMUNE)
    found = read_grid(programme=world.programme, by=monitor)
    assert {"35", "350", "13384", "13591"} <= {row.unit.code for row in found.rows}


def test_changed_rows_are_saved_at_once_and_noted(world, planned, as_monitor):
    page = as_monitor.get(GRID)
    cells = {
        key("350"): "",
        key("350", "threshold"): "",
        key("353"): "25",
        key("353", "threshold"): "2 người mỗi xã",
        key("35", "threshold"): "90 %",
    }
    assert as_monitor.post(GRID, typed(page, **cells)).status_code == 302
    assert targets() == {("353", OWN): (25, None, 2), ("35", ""): (None, 90, None)}
    noted = ModelLogEntry.objects.filter(content_type__model="coveragetarget")
    assert sorted(noted.values_list("action", flat=True)) == [
        "wagtail.create",
        "wagtail.create",
        "wagtail.delete",
    ]


def test_bad_cells_are_marked_keep_what_was_typed_and_save_nothing(world, planned, as_monitor):
    page = as_monitor.get(GRID)
    wrong = {key("35"): "0", key("35", "threshold"): "abc", key("353"): "nhiều"}
    right = {key("350"): "50", key("353", "threshold"): "80 %"}
    form = as_monitor.post(GRID, typed(page, **wrong, **right)).context["form"]
    assert form.errors.keys() == wrong.keys()
    assert {name: form[name].value() for name in wrong | right} == wrong | right
    assert targets() == {("350", OWN): (40, 80, None)}


@pytest.mark.parametrize(
    ("cells", "at"),
    [
        ({"people": "5", "threshold": ""}, "threshold"),
        ({"people": "1", "threshold": "2 người mỗi xã"}, OWN),
        ({"people": "5", "threshold": "đạt"}, "threshold"),
    ],
)
def test_rule_says_no_in_the_cell(world, as_monitor, cells, at):
    page = as_monitor.get(GRID)
    sent = {key("353"): cells["people"], key("353", "threshold"): cells["threshold"]}
    answer = as_monitor.post(GRID, typed(page, **sent))
    assert set(answer.context["form"].errors) == {key("353", at)}
    assert targets() == {}


def test_row_that_somebody_else_changed_is_refused_and_unchanged_changes_nothing(
    world, planned, as_monitor
):
    page = as_monitor.get(GRID)
    as_monitor.post(GRID, typed(page))
    assert not ModelLogEntry.objects.filter(content_type__model="coveragetarget").exists()
    CoverageTarget.objects.update(people=45)
    answer = as_monitor.post(GRID, typed(page, **{key("350"): "50"}))
    assert answer.status_code == 200
    assert targets() == {("350", OWN): (45, 80, None)}


def test_change_between_look_and_save_is_refused(world, planned, monitor):
    row = read_grid(programme=world.programme, by=monitor).rows[1]
    CoverageTarget.objects.update(people=45)
    with raises_refusal("targets_changed"):
        save(world, monitor, RowChange(row, {OWN: 50}, None))


def test_thresholds_by_cadre_stay_where_the_cell_is_empty(world, planned, monitor):
    set_target(world, "350", people=90, percent=70)
    row = read_grid(programme=world.programme, by=monitor).rows[1]
    assert row.is_mixed
    assert row.threshold_text == ""
    change = read_change(before=row, cells={"": "95", OWN: "40"}, threshold="")
    assert save(world, monitor, change) == 1
    assert targets() == {("350", ""): (95, 70, None), ("350", OWN): (40, 80, None)}


def test_everybody_is_written_in_words_and_read_back(world, planned, monitor):
    row = read_grid(programme=world.programme, by=monitor).rows[1]
    change = read_change(before=row, cells={OWN: "tất cả"}, threshold="75")
    assert change == RowChange(row, {OWN: None}, Threshold(75))
    save(world, monitor, change)
    shown = read_grid(programme=world.programme, by=monitor).rows[1]
    assert read_people(text=shown.text_of(OWN)) is None


def test_what_is_asked_of_cells_is_looked_up_once_for_all(world, planned, monitor):
    set_target(world, "353", cadre=OWN, people=9, percent=70)
    rows = read_grid(programme=world.programme, by=monitor).rows
    changes = [
        RowChange(row, {OWN: 50, "": 60}, Threshold(75)) for row in rows if row.unit.code != "35"
    ]
    programme = Programme.objects.get(pk=world.programme.pk)

    with CaptureQueriesContext(connection) as asked:
        save_grid(programme=programme, changes=changes, by=monitor, at=timezone.now())

    reads = Counter(
        one["sql"].split(" FROM ")[1].split()[0] for one in asked if one["sql"].startswith("SELECT")
    )
    assert reads['"courses_programmerequirement"'] == 1
    assert reads['"geography_administrativeunit"'] == 0


def test_only_who_plans_sees_the_grid_and_only_the_own_units(world, planned):
    assert browse(make_official(Role.COORDINATOR, "350")).get(GRID).status_code == 403
    own = browse(make_official(Role.MONITOR, "350"))
    assert {row["unit"].code for row in own.get(GRID).context["rows"]} == {"350"}
    other = reverse("reporting:targets_unit", args=[unit("353").pk])
    assert own.get(other).status_code == 404


def test_without_a_programme_there_is_no_grid(edition, monitor):
    assert browse(monitor).get(GRID).status_code == 404


def test_programme_is_chosen_by_number(world, as_monitor):
    assert as_monitor.get(GRID, {"programme": world.programme.pk}).status_code == 200
    assert as_monitor.get(GRID, {"programme": "9" * 17}).status_code == 404
