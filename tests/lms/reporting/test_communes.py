"""A count of communes opens as many communes, at every level."""

import pytest
from django.urls import reverse

from lms.reporting.enums import CommunesOf
from lms.reporting.views import headline
from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.reporting import enrolled
from tests.lms.reporting.asking import LinesBehind
from tests.reading import html_of
from tests.shared import shared

REPORT = reverse("reporting:completion")
COMMUNES = reverse("reporting:communes")


@shared
def people(world):
    """Reached: 13384; nobody in any class: 13588; nobody recorded: 13591; in class: 13387."""
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    PostingFactory(unit=unit("13588"))


def counts_of(page):
    return {tab["url"].partition("which=")[2]: tab["count"] for tab in page.context["tabs"]}


@pytest.mark.parametrize("query", [{}, {"counted": "now"}, {"sex": "f"}, {"on": "2014-06-01"}])
def test_count_of_communes_opens_as_many(as_monitor, monitor, people, query):
    page = as_monitor.get(REPORT, query)
    cells = {
        (int(cell.text), cell.url)
        for line in [*page.context["rows"], page.context["total"]]
        for cell in line["cells"]
        if "/xa/" in cell.url
    }
    assert cells or query.keys() & {"sex", "on"}
    lines_behind = LinesBehind(monitor)
    for figure, url in cells:
        assert lines_behind(url) == figure, url


def test_each_count_is_told_and_each_commune_opens_its_people(as_monitor, people):
    # Of two people in this commune one is late.
    PostingFactory(unit=unit("13387"))
    page = as_monitor.get(COMMUNES)
    assert counts_of(page) == {"": 4, "reached": 1, "done": 1, "unreached": 1, "unknown": 1}
    lates = []
    for row in page.context["rows"]:
        assert as_monitor.get(row["url"]).status_code == 200
        late = row["cells"][1]
        lates.append(int(late["text"]))
        if late["url"]:
            assert as_monitor.get(late["url"]).context["page"].paginator.count == lates[-1]
    assert sorted(lates) == [0, 0, 1, 1]
    district = as_monitor.get(reverse("reporting:communes_unit", args=[unit("350").pk]))
    assert counts_of(district)[CommunesOf.REACHED.value] == 1
    assert len(district.context["rows"]) == 2
    unreached = as_monitor.get(COMMUNES, {"which": "unreached"}).context
    assert unreached["page"].paginator.count == 1


def test_communes_that_are_not_named_where_nobody_is_in_a_class_are_one_click_away(
    as_monitor, people, monkeypatch
):
    PostingFactory(unit=unit("13591"))
    monkeypatch.setattr(headline, "NAMED_LATE", 1)
    page = as_monitor.get(REPORT)
    url = page.context["tile_names"]["unreached"]

    assert page.context["headline"]["unreached"]["more"] == 1
    assert f'href="{url}"' in html_of(page)
    reached = as_monitor.get(page.context["tile_names"]["communes"])
    assert len(reached.context["rows"]) == 1
    listed = as_monitor.get(url).context
    assert listed["page"].paginator.count == page.context["total"]["row"].communes_unreached == 2


def test_unit_of_another_map_leads_to_the_top(as_monitor, world, people):
    other = {"edition": 10**17}
    address = reverse("reporting:communes_unit", args=[unit("350").pk])
    assert as_monitor.get(address, other).status_code == 200
    assert as_monitor.get(COMMUNES, {"which": "lạ"}).status_code == 200


def test_without_a_programme_there_are_none(as_monitor):
    assert as_monitor.get(COMMUNES).status_code == 404
