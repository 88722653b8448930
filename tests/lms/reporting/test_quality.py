"""The page of what is wrong: counts by place, names by right, files with a log, acts that fit."""

from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre
from lms.core.quality import quality_checks
from lms.reporting.domain.quality import find_fault, find_faults
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.files import rows_of
from tests.factories.geography import unit
from tests.reading import html_of

pytestmark = pytest.mark.usefixtures("edition")

PAGE = "reporting:quality"
LIST = "reporting:quality_list"
FILE = "reporting:quality_file"
AT = datetime(2014, 6, 1, 8, tzinfo=timezone(timedelta(hours=7)))


def posted(code="13384", **person):
    return PostingFactory(user=UserFactory(**person), unit=unit(code)).user


def found(reader):
    return {
        one.check.key: [(place.unit and place.unit.code, place.count) for place in one.places]
        for one in find_faults(reader=reader, at=AT)
        if one.total
    }


def test_every_check_is_known_by_a_key_of_its_own_and_tells_what_it_means():
    orders = [check.order for check in quality_checks]

    assert len(set(orders)) == len(orders)
    assert all(str(check.label) and str(check.explanation) for check in quality_checks)


def test_places_are_districts_for_the_province_communes_for_a_district_and_none_for_some(
    administrator, monitor, coordinator
):
    for code in ("13384", "13387", "13387", "13591", "350"):
        posted(code)

    assert found(monitor)["no-phone"] == [("350", 4), ("353", 1)]
    assert found(coordinator)["no-phone"] == [("13387", 2), ("350", 1), ("13384", 1)]
    assert "no-post" not in found(administrator)
    UserFactory()
    assert found(administrator)["no-post"] == [(None, 1)]
    assert "no-post" not in found(monitor)


def test_page_leads_to_the_list_of_each_place_which_names_its_people_alone(as_monitor):
    posted("13384", full_name="Vũ Thị Kim")
    posted("13591", full_name="Trần Văn Lý")
    page = as_monitor.get(reverse(PAGE))
    cards = {card["check"].key: card for card in page.context["cards"]}
    assert set(cards) == {"no-phone", "no-way"}
    first = reverse(LIST, args=["no-phone"])
    places = [place["url"] for place in cards["no-phone"]["places"]]
    assert places == [f"{first}?unit={unit(code).pk}" for code in ("350", "353")]
    assert len(page.context["good"]) == len(quality_checks) - 2

    page = as_monitor.get(places[0])

    assert [row["label"] for row in page.context["rows"]] == ["Vũ Thị Kim"]
    assert [tab["active"] for tab in page.context["tabs"]] == [False, True, False]
    rows = as_monitor.get(first, {"unit": "x"}).context["rows"]
    assert [row["label"] for row in rows] == ["Vũ Thị Kim", "Trần Văn Lý"]
    for name in (LIST, FILE):
        assert as_monitor.get(reverse(name, args=["khong-co"])).status_code == 404


def test_nothing_wrong_is_good_news(as_coordinator):
    page = as_coordinator.get(reverse(PAGE))

    assert page.context["cards"] == []
    assert len(page.context["good"]) == len(quality_checks)
    listed = as_coordinator.get(reverse(LIST, args=["no-phone"]))
    assert listed.context["rows"] == []
    assert listed.context["tabs"] == []


def test_way_to_mend_is_offered_to_whom_may_mend(as_coordinator, as_monitor):
    person = posted()
    address = reverse(LIST, args=["no-phone"])
    edit = reverse("wagtailusers_users:edit", args=[person.pk])

    assert edit in html_of(as_coordinator.get(address))
    assert edit not in html_of(as_monitor.get(address))


def test_other_areas_are_not_told(as_coordinator):
    posted("13591", full_name="Lê Thị Lạ")
    address = reverse(LIST, args=["no-phone"])

    assert "Lê Thị Lạ" not in html_of(as_coordinator.get(address))
    # Another district, the province above, and a unit that there is not, are answered alike.
    for pk in (unit("353").pk, unit("35").pk, 10**9):
        assert as_coordinator.get(address, {"unit": pk}).status_code == 404
        assert as_coordinator.get(reverse(FILE, args=["no-phone"]), {"unit": pk}).status_code == 404
    assert (
        as_coordinator.get(reverse(FILE, args=["no-phone"]), {"export": "csv"}).status_code == 200
    )


@pytest.mark.parametrize("name", [PAGE, LIST, FILE])
def test_page_is_for_those_who_oversee(name, as_trainer):
    args = [] if name == PAGE else ["no-phone"]

    assert as_trainer.get(reverse(name, args=args)).status_code == 404


def test_file_holds_the_lines_of_the_page_and_is_logged(as_monitor, monitor):
    posted("13384", phone_raw="0912 34")
    posted("13591")
    address = reverse(FILE, args=["no-phone"])

    rows = rows_of(as_monitor.get(address, {"export": "csv", "unit": unit("350").pk}), "csv")

    page = as_monitor.get(reverse(LIST, args=["no-phone"]), {"unit": unit("350").pk})
    (line,) = page.context["rows"]
    assert rows[-1] == [line["label"], *(cell["text"] for cell in line["cells"])]
    entry = ModelLogEntry.objects.get(action="core.export")
    assert entry.data["list"] == "du-lieu-can-sua-no-phone"
    assert (entry.user, entry.data["rows"]) == (monitor, 1)


def test_queries_do_not_grow_with_what_is_wrong(monitor, as_monitor):
    def costs():
        for address in (reverse(PAGE), reverse(LIST, args=["no-phone"])):
            with CaptureQueriesContext(connection) as queries:
                as_monitor.get(address)
            yield len(queries)
        # What differs between the lists of the checks.
        for check in quality_checks:
            with CaptureQueriesContext(connection) as queries:
                find_fault(check=check, reader=monitor, at=AT)
                check.lines(list(check.subjects(monitor, at=AT)), reader=monitor, at=AT)
            yield len(queries)

    # Two of one name and place: a pair to begin with.
    for _n in range(2):
        PostingFactory(user=posted(), unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER)
    posted("350", phone_raw="098")
    assert monitor.scope
    before = list(costs())
    for n in range(3):
        posted(phone_raw=f"09{n}")
        PostingFactory(user=posted(), unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER)
        posted("350")

    assert list(costs()) == before
