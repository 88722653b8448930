"""Whom a programme counts: once, at one place, whatever they did."""

from datetime import date, datetime, timedelta
from typing import ClassVar

import pytest
from django.utils import translation

from courses.enums import EnrolmentStatus, RunStatus
from lms.accounts.enums import Cadre
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.tables import completion_table
from lms.reporting.enums import PersonState
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.views.headline import reconciled
from tests.factories.accounts import PostingFactory
from tests.factories.courses import make_run
from tests.factories.geography import make_map, unit
from tests.factories.reporting import (
    DONE,
    HANOI,
    TODAY,
    World,
    also_in,
    ask_cadre,
    ask_course,
    asked_of,
    enrolled,
    lines_of,
    put_off,
    table_of,
)
from tests.factories.rows import set_fields

pytestmark = pytest.mark.sqlite("time: days and moments in sub-queries")


def counts(world: World, reader) -> dict[str, tuple[int, int, int]]:
    """(people, those in some class or done, completed) by the code of the unit."""
    found = count_by_unit(programme=world.programme, on=TODAY, reader=reader)
    codes = {
        pk: code for code in ("13384", "13387", "13591", "13588", "350") for pk in [unit(code).pk]
    }
    return {
        codes[pk]: (figures.people, figures.people - figures.no_class, figures.completed)
        for pk, figures in found.items()
    }


def states_of(figures) -> dict[PersonState, int]:
    return {state: figures.count(state) for state in PersonState if figures.count(state)}


def test_count_person_posted_without_class_once_and_no_cadre_that_is_not_trained(world, monitor):
    posting = PostingFactory(unit=unit("13384"))
    PostingFactory(user=posting.user, unit=unit("13387"))
    PostingFactory(unit=unit("13384"), cadre=Cadre.PARENT_GROUP)
    assert counts(world, monitor) == {"13384": (1, 0, 0)}


def test_count_person_who_moved_after_the_class_stays_where_trained(world, monitor):
    enrolment = enrolled(world, "350", "13384", completed=True)
    set_fields(enrolment.posting, valid_to=TODAY - timedelta(days=10))
    PostingFactory(user=enrolment.user, unit=unit("13591"), valid_from=TODAY - timedelta(days=9))
    assert counts(world, monitor) == {"13384": (1, 1, 1)}


def test_count_person_in_two_classes_once_where_enrolled_last(world, monitor):
    first = enrolled(world, "350", "13384", completed=True)
    later = datetime(2014, 5, 25, 8, 0, tzinfo=HANOI)
    also_in(first, world.runs["353"], unit=unit("13591"), enrolled_at=later)
    assert counts(world, monitor) == {"13591": (1, 1, 1)}


def test_count_leaves_out_withdrawn_and_former_people(world, monitor):
    enrolment = enrolled(world, "350", "13384")
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    enrolment.posting.valid_to = TODAY - timedelta(days=1)
    enrolment.posting.save()
    assert counts(world, monitor) == {}


def test_count_person_lacking_one_of_two_courses_is_not_completed(world, monitor):
    other = ask_course(world)
    enrolment = enrolled(world, "350", "13384", completed=True)
    # Nobody is to be reminded: a class of the other course has to be opened.
    assert counts(world, monitor) == {"13384": (1, 0, 0)}

    also_in(enrolment, make_run(other, unit("350")), **DONE)
    assert counts(world, monitor) == {"13384": (1, 1, 1)}


def test_count_for_a_coordinator_holds_the_own_district_alone(world, coordinator):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591", completed=True)
    PostingFactory(unit=unit("13588"))
    assert counts(world, coordinator) == {"13384": (1, 1, 1)}


def test_rows_and_places_add_up_to_the_total_and_name_the_office(world, monitor):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    for code in ("350", "13591", "35"):
        PostingFactory(unit=unit(code))

    table = table_of(world, monitor)

    assert [
        (row.unit.code, row.figures.people, row.figures.completed, row.communes_reached)
        for row in table.rows
    ] == [("35", 1, 0, 0), ("350", 3, 1, 1), ("353", 1, 0, 0)]
    assert table.total.communes == 4
    assert [
        (place.unit.code, place.is_office, place.district and place.district.code)
        for place in table.places
    ] == [
        ("35", True, None),
        ("350", True, "350"),
        ("13384", False, "350"),
        ("13387", False, "350"),
        ("13591", False, "353"),
        ("13588", False, "353"),
    ]
    assert sum(place.figures.people for place in table.places) == table.total.figures.people == 5
    district = table_of(world, monitor, parent=unit("350"))
    assert [(row.unit.code, row.is_office, row.figures.people) for row in district.rows] == [
        ("350", True, 1),
        ("13384", False, 1),
        ("13387", False, 1),
    ]


@pytest.mark.parametrize(("cadres", "people"), [(None, 2), ([Cadre.COMMUNE_OFFICER], 1), ([], 0)])
def test_people_and_table_keep_to_the_same_cadres(world, monitor, cadres, people):
    ask_cadre(world)
    for cadre in (Cadre.COLLABORATOR, Cadre.COMMUNE_OFFICER, Cadre.PARENT_GROUP):
        PostingFactory(unit=unit("13384"), cadre=cadre)

    asked = asked_of(world, monitor, cadres=cadres)

    assert completion_table(**asked).total.figures.people == people
    lines = lines_of(**asked, unit=unit("13384"))
    assert [line.state for line in lines] == [PersonState.NO_CLASS] * people


LATER = "2020-01-01"


def succeed(code: str, *, extent: Extent = Extent.WHOLE) -> None:
    UnitSuccession.objects.create(from_unit=unit(code), to_unit=unit(code, LATER), extent=extent)


def test_table_on_another_map_adds_up_and_shows_whom_it_cannot_place(world, monitor):
    later = make_map(LATER)
    for code in ("13384", "13387", "13588"):
        succeed(code)
    succeed("13591", extent=Extent.PART)
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13591"))
    table = table_of(world, monitor, edition=later)
    assert [(row.unit and row.unit.code, row.figures.people) for row in table.rows] == [
        ("350", 1),
        ("353", 0),
        (None, 1),
    ]
    assert (table.total.figures.people, table.total.figures.completed) == (2, 1)


class Papers(ReportColumn):
    key = "test.papers"
    label = "Papers"
    parts: ClassVar = {"held": "%(count)s with papers", "lost": "%(count)s without"}

    def count(self, enrolments, place):
        return dict.fromkeys(enrolments.values_list("unit", flat=True), 2)

    def count_parts(self, people, place):
        return {"held": dict.fromkeys(people.values_list("unit", flat=True), 1)}


def test_table_adds_up_the_figures_of_plug_ins(world, monitor, monkeypatch):
    monkeypatch.setitem(report_columns._entries, Papers.key, Papers())
    enrolled(world, "350", "13384")
    enrolled(world, "350", "13387")
    table = table_of(world, monitor)
    assert [row.figures.extra.get(Papers.key, 0) for row in table.rows] == [4, 0]
    assert table.total.figures.extra[Papers.key] == 4


def waiting(world: World, reader, on: date = TODAY) -> list[tuple[int, int, int, date | None]]:
    """(people, learning, class to come, first day) of each place."""
    found = count_by_unit(programme=world.programme, on=on, reader=reader)
    return [
        (figures.people, figures.learning, figures.to_come, figures.starts_on)
        for figures in found.values()
    ]


def test_person_waits_until_the_first_day_of_the_class_or_it_is_closed(world, monitor):
    run = put_off(world, "350")
    enrolled(world, "350", "13384")
    day_before = run.starts_on - timedelta(days=1)
    assert waiting(world, monitor, day_before) == [(1, 0, 1, run.starts_on)]
    assert waiting(world, monitor, run.starts_on) == [(1, 1, 0, None)]
    set_fields(run, status=RunStatus.CLOSED)
    assert waiting(world, monitor) == [(1, 0, 0, None)]


def test_whose_class_is_over_is_no_learner_and_is_late(world, monitor):
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13384")
    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    (figures,) = count_by_unit(programme=world.programme, on=TODAY, reader=monitor).values()
    assert states_of(figures) == {PersonState.LEARNING: 1, PersonState.NOT_COMPLETED: 1}
    assert (figures.late, figures.missing) == (1, 2)


def test_class_that_is_over_counts_no_more_when_its_course_was_completed_elsewhere(world, monitor):
    ask_course(world)
    enrolment = enrolled(world, "350", "13384")
    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    also_in(enrolment, world.runs["353"], **DONE)
    (figures,) = count_by_unit(programme=world.programme, on=TODAY, reader=monitor).values()
    assert states_of(figures) == {PersonState.NO_CLASS: 1}


def test_nobody_is_in_a_class_that_was_cancelled(world, monitor):
    enrolled(world, "350", "13384")
    set_fields(world.runs["350"], status=RunStatus.CANCELLED)

    (figures,) = count_by_unit(programme=world.programme, on=TODAY, reader=monitor).values()
    assert (figures.people, figures.learning, figures.no_class) == (1, 0, 1)


def test_earlier_class_counts_again_when_the_later_is_cancelled(world, monitor):
    enrolment = enrolled(world, "350", "13384", completed=True)
    also_in(enrolment, world.runs["353"])
    set_fields(world.runs["353"], status=RunStatus.CANCELLED)
    assert waiting(world, monitor) == [(1, 0, 0, None)]


@pytest.mark.parametrize(
    ("status", "first_day"), [(RunStatus.OPEN, None), (RunStatus.CLOSED, date(2014, 6, 10))]
)
def test_person_in_two_classes_waits_only_when_the_other_is_over(world, monitor, status, first_day):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384")
    also_in(enrolment, world.runs["353"])
    world.runs["350"].status = status
    world.runs["350"].save()
    assert [one[3] for one in waiting(world, monitor)] == [first_day]


def test_completed_person_waits_for_nothing(world, monitor):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384", completed=True)
    also_in(enrolment, world.runs["353"])
    assert waiting(world, monitor) == [(1, 0, 0, None)]


def test_withdrawn_from_the_class_under_way_waits_for_the_next(world, monitor):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384")
    also_in(enrolment, world.runs["353"])
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    assert waiting(world, monitor) == [(1, 0, 1, date(2014, 6, 10))]


@pytest.fixture
def papers(monkeypatch):
    """No plug-in but this one has a say about what becomes of those who completed."""
    monkeypatch.setattr(report_columns, "_entries", {Papers.key: Papers()})


def no_names(row, **asked):
    raise AssertionError("These papers open no names.")


def test_figure_of_a_plug_in_is_reconciled_with_those_who_completed(world, monitor, papers):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591", completed=True)
    enrolled(world, "353", "13588")
    with translation.override("vi"):
        everywhere = reconciled(table_of(world, monitor).total, no_names)
        district = reconciled(table_of(world, monitor, parent=unit("353")).total, no_names)
    assert everywhere == [{"column": "Papers", "completed": 2, "parts": "2 with papers"}]
    assert district == [{"column": "Papers", "completed": 1, "parts": "1 with papers"}]


def test_nothing_is_reconciled_where_nobody_has_completed(world, monitor, papers):
    enrolled(world, "350", "13384")
    table = table_of(world, monitor)
    assert reconciled(table.total, no_names) == []
