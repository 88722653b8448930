"""Completion on the front page of the admin, and the reports in its menu."""

import pytest
from django.urls import reverse
from wagtail.admin.menu import reports_menu

from lms.reporting.dashboard import CompletionNow
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.factories.reporting import enrolled, set_target
from tests.lms.reporting.frozen import draft
from tests.reading import html_of, numbers, panel_html

pytestmark = pytest.mark.usefixtures("edition")


def told(row):
    return row.figures.completed, row.goal.people


def test_panel_leads_to_the_places_to_look_at_first(world, monitor, coordinator):
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13591"))
    PostingFactory(unit=unit("350"))

    province, district = (CompletionNow().context(one) for one in (monitor, coordinator))

    below, names = "reporting:completion_unit", "reporting:people"
    assert [line["url"] for line in province["lines"]] == [
        reverse(below, args=[unit(code).pk]) for code in ("353", "350")
    ]
    assert told(province["total"]) == (1, 3)
    assert told(district["total"]) == (1, 2)
    assert district["lines"] == []
    html = panel_html(CompletionNow, monitor)
    assert reverse("reporting:quality") in html
    assert reverse(names, args=[unit("13384").pk]) not in html


def test_panel_compares_with_targets_as_the_report_does(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13387"))
    set_target(world, "350", people=40, percent=80)

    panel = CompletionNow().context(monitor)

    assert told(panel["total"]) == (1, 40)
    assert told(panel["lines"][0]["row"]) == (1, 40)
    sentence, *_rows = panel_html(CompletionNow, monitor).partition("<p>")[2].split("</p>")
    assert {1, 40} <= {*numbers(sentence)}


def test_panel_says_when_there_is_nothing_to_count(monitor, request):
    assert CompletionNow().context(monitor) == {"programme": None, "waiting": 0}
    assert reverse("reporting:completion") in panel_html(CompletionNow, monitor)
    request.getfixturevalue("world")
    assert CompletionNow().context(monitor)["total"].figures.people == 0
    assert panel_html(CompletionNow, monitor)


def test_draft_waits_for_those_who_may_approve_it_and_did_not_make_it(
    world, monitor, coordinator, administrator
):
    PostingFactory(unit=unit("13384"))
    made = draft(world, coordinator, code="350")
    waits = [CompletionNow().context(one)["waiting"] for one in (monitor, administrator)]
    assert waits == [1, 1]
    assert CompletionNow().context(coordinator)["waiting"] == 0
    assert reverse("reporting:snapshots") in panel_html(CompletionNow, monitor)

    own = draft(world, monitor)
    shown = browse(monitor).get(reverse("reporting:snapshots"))
    assert list(shown.context["waiting"]) == [made]
    assert reverse("reporting:snapshot", args=[own.pk]) in html_of(shown)


def test_reports_stand_in_the_menu_of_those_who_oversee(rf, monitor, coordinator, trainer):
    def names(user):
        asked = rf.get(reverse("wagtailadmin_home"))
        asked.user = user
        return {item.name for item in reports_menu.menu_items_for_request(asked)}

    ours = {"completion", "data-quality"}
    assert [ours & names(one) for one in (monitor, coordinator, trainer)] == [ours, ours, set()]
