"""Hours, attendances and make-ups apart from people: the example of the paper counted again."""

from datetime import date, datetime

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from attendance.models import MakeUp
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.core.display import vi_number
from lms.core.local_time import days_q
from lms.reporting.domain.narrowing import DayRange, Narrowing
from lms.reporting.domain.people import find_people
from lms.reporting.domain.tables import training_table
from lms.reporting.enums import PersonState
from lms.reporting.extensions import training_figures
from tests.factories.accounts import UserFactory, browse, make_official
from tests.factories.attendance import SessionFactory, record_mark
from tests.factories.courses import make_run
from tests.factories.files import content_of, sheet_rows
from tests.factories.geography import unit
from tests.factories.reporting import HANOI, also_in, asked_of, enrolled
from tests.lms.reporting.test_indicators import lines_below
from tests.shared import shared

pytestmark = pytest.mark.django_db

PAGE = reverse("reporting:training")


@shared
def taught(world):
    """The example of docs/indicators.md: sessions on 6, 20 and 26 May."""
    by = UserFactory()
    days = {
        name: datetime(2014, 5, day, 8, 0, tzinfo=HANOI)
        for name, day in (("first", 6), ("second", 20), ("there", 26))
    }
    runs = {"first": "350", "second": "350", "there": "353"}
    sessions = {
        name: SessionFactory(run=world.runs[runs[name]], starts_at=at) for name, at in days.items()
    }
    people = {
        "An": enrolled(world, "350", "13384"),
        "Bình": enrolled(world, "350", "13384"),
        "Dũng": enrolled(world, "353", "13591"),
    }
    MakeUp.objects.create(
        enrolment=people["Bình"],
        missed_session=sessions["second"],
        session=sessions["there"],
        agreed_by=by,
        agreed_at=days["second"],
    )
    for session, name, status in (
        ("first", "An", "present"),
        ("second", "An", "present"),
        ("first", "Bình", "present"),
        ("second", "Bình", "absent"),
        ("there", "Bình", "present"),
        ("there", "Dũng", "present"),
    ):
        record_mark(
            session=sessions[session],
            enrolment=people[name],
            status=status,
            by=by,
            at=timezone.now(),
        )


def table_of(world, reader, **asked):
    edition = world.programme.edition
    return training_table(programme=world.programme, edition=edition, reader=reader, **asked)


def test_example_counted_by_hand_is_what_the_page_counts_also_of_a_period(world, taught, monitor):
    table = table_of(world, monitor)
    rows = [table.total, *(row for row in table.rows if row.unit.code in {"350", "353"})]
    counted = [
        [one.key, *(f"{one.value(row.figures.extra):g}" for row in rows)]
        for one in training_figures
        if one.key in {"attendances", "hours", "make_ups"}
    ]
    assert counted == lines_below("training figure")
    # A period is that of the sessions.
    narrowing = Narrowing(within=DayRange(date(2014, 5, 7), date(2014, 5, 20)))
    total = table_of(world, monitor, narrowing=narrowing).total
    assert total.figures.extra == {"attendances": 1, "hours": 210}


def test_average_of_nothing_is_not_told(world, taught, monitor):
    gain = next(one for one in training_figures if one.key == "gain")
    assert gain.value({}) is None
    assert gain.value({"compared": 4, "gain": 50}) == 12.5


def test_page_and_file_tell_the_same(as_monitor, world, taught):
    page = as_monitor.get(PAGE)
    shown = [cell["text"] for cell in page.context["rows"][-1]["cells"]]
    sent = as_monitor.get(reverse("reporting:training_file"), {"export": "csv"})
    last = sheet_rows(content_of(sent), "csv")[-1]
    assert shown[:3] == ["5", vi_number(17.5), "1"]
    assert [float(cell.replace(",", ".")) for cell in last[1:4]] == [5, 17.5, 1]


def test_district_shows_its_communes(as_monitor, world, taught):
    page = as_monitor.get(reverse("reporting:training_unit", args=[unit("350").pk]))
    assert {row["cells"][0]["text"] for row in page.context["rows"]} == {"4", "0"}
    address = reverse("reporting:training_unit_file", args=[unit("350").pk])
    sent = content_of(as_monitor.get(address, {"export": "xlsx"}))
    assert {row[1] for row in sheet_rows(sent, "xlsx")[1:]} == {4, 0}


def opened(client, url):
    """What each line of the page of names adds to the figure."""
    page = client.get(url)
    assert page.context["page"].paginator.num_pages == 1
    return [row["cells"][-1]["text"] for row in page.context["rows"]]


@pytest.mark.parametrize("query", [{}, {"since": "2014-05-07", "until": "2014-05-20"}])
def test_figure_opens_the_names_that_come_to_it(as_monitor, world, taught, query):
    page = as_monitor.get(PAGE, {**query, "counted": "now", "on": ""})
    cells = [cell for row in page.context["rows"] for cell in row["cells"]]
    told = [cell for cell in cells if cell["url"]]

    assert told
    assert all(cell["text"] in {"0", ""} for cell in cells if not cell["url"])
    for cell in told:
        added = opened(as_monitor, cell["url"])
        assert vi_number(sum(number(text) for text in added)) == cell["text"]


def test_names_behind_hours_tell_state_class_and_what_is_missing(as_monitor, world, taught):
    names = as_monitor.get(reverse("reporting:all_people"), {"figure": "hours"})
    sent = as_monitor.get(
        reverse("reporting:all_people_file"), {"figure": "hours", "export": "csv"}
    )

    everybody = as_monitor.get(reverse("reporting:all_people"))
    assert names.context["columns"][:-1] == everybody.context["columns"]
    assert sorted(row[-1] for row in sheet_rows(content_of(sent), "csv")[-3:]) == ["3,5", "7", "7"]


def test_each_class_of_a_person_stands_on_one_page(world, taught, monitor):
    by, an = UserFactory(), Enrolment.objects.order_by("pk").first()
    at = datetime(2014, 5, 27, 8, 0, tzinfo=HANOI)
    for _number in range(12):
        run = make_run(world.course, unit("353"))
        joined = also_in(an, run)
        session = SessionFactory(run=run, starts_at=at)
        record_mark(session=session, enrolment=joined, status="present", by=by, at=timezone.now())
    narrowing = Narrowing(figure="attendances")
    people = find_people(**asked_of(world, monitor, on=at.date(), narrowing=narrowing))
    lines = [
        line.enrolment_id
        for first in range(people.count_states().total())
        for line in people.lines(states=list(PersonState), first=first, last=first + 1)
    ]
    assert len(lines) == 15
    assert len(set(lines)) == 15


def number(text):
    return float(text.replace(".", "").replace(",", "."))


def test_district_of_somebody_else_is_not_found(world, taught):
    client = browse(make_official(Role.COORDINATOR, "353"))
    for name in ("training_unit", "training_unit_file"):
        address = reverse(f"reporting:{name}", args=[unit("350").pk])
        assert client.get(address).status_code == 404
    assert client.get(PAGE).context["rows"][-1]["cells"][0]["text"] == "1"


def test_without_a_programme_there_is_nothing(as_monitor):
    assert as_monitor.get(PAGE).status_code == 404
    assert as_monitor.get(reverse("reporting:training_file")).status_code == 404


def test_days_without_an_end_are_open():
    assert days_q("at", None, None) == Q()
