"""Every figure of people opens as many names, at every level."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from courses.enums import RunStatus
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.domain.people import find_people
from lms.reporting.domain.tables import completion_table
from lms.reporting.enums import CountedAt, NamesOf, PersonState
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.attendance import SessionFactory, record_mark
from tests.factories.courses import EnrolmentFactory
from tests.factories.geography import unit
from tests.factories.reporting import HANOI, ask_cadre, asked_of, enrolled, put_off
from tests.factories.rows import set_fields
from tests.lms.reporting.asking import LinesBehind, query_of
from tests.reading import html_of
from tests.shared import shared

PAGE = reverse("reporting:completion")
ALL = reverse("reporting:all_people")
HELD_AT = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)

on_sqlite_too = pytest.mark.sqlite("a union in the order of names")


@shared
def people(world):
    """Somebody in each state and place."""
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    enrolled(world, "353", "13591")
    set_fields(world.runs["353"], status=RunStatus.CLOSED)
    for code in ("13588", "350", "35"):
        PostingFactory(unit=unit(code))


def links_of(page):
    """(figure, address) of each figure of people on the page, each once."""
    lines = [*page.context["rows"], page.context["total"]]
    bars = {(line["row"].figures.completed, line["bar_url"]) for line in lines}
    cells = [cell for line in lines for cell in line["cells"] if cell.url]
    return bars | {(int(cell.text), cell.url) for cell in cells}


@pytest.mark.parametrize("counted", CountedAt)
@pytest.mark.parametrize("path", [PAGE, "350"])
def test_figure_opens_as_many_names(as_monitor, monitor, people, counted, path):
    if path == "350":
        path = reverse("reporting:completion_unit", args=[unit("350").pk])
    links = links_of(as_monitor.get(path, {"counted": counted.value}))
    assert links
    lines_behind = LinesBehind(monitor)
    for figure, url in links:
        assert lines_behind(url) == figure, url


@on_sqlite_too
@pytest.mark.parametrize("counted", CountedAt)
def test_states_of_the_names_are_those_of_the_table(world, monitor, people, counted):
    asked = asked_of(world, monitor, counted_at=counted)
    table = completion_table(**asked)
    for row in [*table.rows, *table.places, table.total]:
        where = NamesOf.OFFICE if row.is_office else NamesOf.AREA
        found = find_people(**asked, unit=row.unit, narrowing=Narrowing(where=where))
        expected = {state: row.figures.count(state) for state in PersonState}
        assert +found.count_states() == +Counter(expected)
        for state in PersonState:
            assert len(found.lines(states=[state])) == expected[state]


@on_sqlite_too
def test_late_are_listed_over_all_communes_with_place_and_class(as_monitor, world, people):
    page = as_monitor.get(ALL, {"state": "late"})
    assert page.context["page"].paginator.count == 4
    cells = [{cell["label"]: cell for cell in row["cells"]} for row in page.context["rows"]]
    assert {cell["Địa bàn"]["text"] for cell in cells} >= {str(unit("13588"))}
    assert [str(world.runs["353"])] in [cell["Lớp tập huấn"]["lines"] for cell in cells]
    assert page.context["act"] == ""
    assert as_monitor.get(ALL, {"state": "no_class"}).context["act"]


def test_head_of_the_names_says_which_status_they_have(as_monitor, people):
    """On paper, and on a phone where the tab lies out of sight."""
    for state in ("late", "learning", ""):
        page = as_monitor.get(ALL, {"state": state})
        (tab,) = (one for one in page.context["tabs"] if one["active"])
        head = html_of(page).partition('class="eyebrow">')[2].partition("</p>")[0]
        assert (f"{tab['label']}: {tab['count']}" in head) is bool(state), state


def test_names_of_all_are_those_of_the_own_area(people, world):
    assert browse(make_official(Role.COORDINATOR, "350")).get(ALL).context["total"] == 3
    assert browse(make_official(Role.TRAINER, "350")).get(ALL).status_code == 404


@on_sqlite_too
def test_names_are_cut_into_sheets_of_paper(as_monitor, world):
    last = enrolled(world, "350", "13384").user
    set_fields(last, full_name="Vũ Thị Xuân")
    for _ in range(25):
        enrolled(world, "350", "13384")
    first, second = (as_monitor.get(ALL, {"page": page}).context["rows"] for page in (1, 2))
    names = [row["label"] for row in [*first, *second]]
    assert (len(first), len(second)) == (25, 1)
    assert names[-1] == "Vũ Thị Xuân"
    in_order = User.objects.filter(enrolments__isnull=False).order_by("sort_key", "staff_code")
    assert names == [str(user) for user in in_order]


def test_cadres_that_the_programme_does_not_train_are_not_offered(as_monitor, world):
    ask_cadre(world)
    PostingFactory(unit=unit("13384"))
    answer = as_monitor.get(PAGE, {"cadre": Cadre.CORE_CHILD})
    offered = [key for key, _label in answer.context["asked"].form.fields["cadre"].choices]
    assert sorted(offered) == ["", Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER]
    assert answer.context["asked"].cadres is None
    assert answer.context["table"].total.figures.people == 1


def test_class_to_come_is_named_in_the_list(as_monitor, world):
    run = put_off(world, "350", date(2100, 1, 1))
    enrolled(world, "350", "13384")
    (row,) = as_monitor.get(ALL, {"state": "to_come"}).context["rows"]
    assert [run.title] in [cell.get("lines") for cell in row["cells"]]
    assert run.code in [cell.get("paper") for cell in row["cells"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"sex": "female"},
        {"age": "30-39"},
        {"since": "2014-05-01", "until": "2014-05-31"},
        {"run": "DA2-350", "counted": "now"},
        {"counted": "now", "cadre": Cadre.COLLABORATOR.value},
    ],
)
def test_narrowed_figure_opens_as_many_names(as_monitor, monitor, world, people, asked):
    set_fields(world.runs["350"], code="DA2-350")
    everybody = User.objects.filter(enrolments__isnull=False).order_by("pk")
    for born, person in zip((1980, 1990, 1950), everybody, strict=True):
        set_fields(person, sex="female" if born == 1980 else "male", year_of_birth=born)
        set_fields(person.postings.get(), unit=unit("13588" if born == 1980 else "13384"))
    page = as_monitor.get(PAGE, asked)
    links = links_of(page)
    assert links
    lines_behind = LinesBehind(monitor)
    for figure, url in links:
        assert lines_behind(url) == figure, url
    assert page.context["asked"].only or asked.keys() & {"counted", "since"}


def test_file_and_page_say_which_part_is_counted(as_monitor, world, people):
    page = as_monitor.get(PAGE, {"sex": "male", "course": str(world.course.pk)})
    assert page.context["asked"].chosen.keys() >= {"Giới tính"}
    assert page.context["asked"].only in html_of(page)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"run": "ABC"}, "run"),
        ({"since": "2014-05-02", "until": "2014-05-01"}, "until"),
        ({"since": "0001-01-01"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"course": "0"}, None),
        ({"age": "x", "sex": "y"}, None),
    ],
)
def test_filter_that_means_nothing_counts_everybody_and_says_so(world, monitor, asked, field):
    query = query_of(monitor, asked)
    # One end of a period is left, which leaves nobody out.
    assert replace(query.narrowing, within=None) == query_of(monitor, {}).narrowing
    assert field is None or field in query.form.errors


@pytest.mark.parametrize("part", ["moved_in", "within", "x"])
def test_part_that_the_filters_do_not_tell_is_everybody(people, monitor, part):
    assert LinesBehind(monitor)(f"{reverse('reporting:all_people')}?part={part}") == 6


def test_class_of_another_area_is_not_told_of(coordinator, world):
    set_fields(world.runs["353"], code="DA2-353")
    assert "run" in query_of(coordinator, {"run": "DA2-353"}).form.errors


@on_sqlite_too
def test_whoever_is_counted_no_more_has_no_page_to_open(world, coordinator):
    """A post that ended after the past day; a class elsewhere that came after the one with the session."""
    left = PostingFactory(unit=unit("13384"), valid_to=date(2014, 5, 20)).user
    stayed = PostingFactory(unit=unit("13384")).user
    gone, here = (enrolled(world, "350", "13384") for _ in range(2))
    session = SessionFactory(run=world.runs["350"], starts_at=HELD_AT)
    for one in (gone, here):
        record_mark(session=session, enrolment=one, status="present", by=coordinator, at=HELD_AT)
    later = HELD_AT + timedelta(days=1)
    EnrolmentFactory(user=gone.user, run=world.runs["353"], unit=unit("13591"), enrolled_at=later)
    client = browse(coordinator)
    for asked, opened in (
        ({"on": "2014-05-07"}, {left: False, stayed: True, here.user: True, gone.user: False}),
        ({"figure": "attendances"}, {here.user: True, gone.user: False}),
    ):
        rows = client.get(ALL, asked).context["rows"]
        assert {row["cells"][0]["text"]: bool(row["url"]) for row in rows} == {
            user.staff_code: is_open for user, is_open in opened.items()
        }
        assert {client.get(row["url"]).status_code for row in rows if row["url"]} == {200}
