"""Whom a programme counts: once, at one place, whatever they did."""

from datetime import date, datetime, timedelta
from typing import ClassVar

import pytest
from django.utils import translation

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.geography.enums import Extent
from lms.geography.models import UnitSuccession
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.tables import completion_table
from lms.reporting.enums import PersonState
from lms.reporting.extensions import ReportColumn, report_columns
from lms.reporting.views.headline import reconciled
from tests.factories.accounts import PostingFactory
from tests.factories.courses import CourseRunFactory, EnrolmentFactory, make_course
from tests.factories.geography import make_map, unit
from tests.factories.reporting import (
    DONE_AT,
    HANOI,
    World,
    enrolled,
    lines_of,
    put_off,
)
from tests.factories.rows import set_fields

TODAY = date(2014, 6, 1)

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


@pytest.mark.parametrize("completed", [False, True])
def test_count_person_enrolled_and_completed(world, monitor, completed):
    enrolled(world, "350", "13384", completed=completed)
    assert counts(world, monitor) == {"13384": (1, 1, int(completed))}


def test_count_person_who_moved_after_the_class_stays_where_trained(world, monitor):
    enrolment = enrolled(world, "350", "13384", completed=True)
    set_fields(enrolment.posting, valid_to=TODAY - timedelta(days=10))
    PostingFactory(user=enrolment.user, unit=unit("13591"), valid_from=TODAY - timedelta(days=9))
    assert counts(world, monitor) == {"13384": (1, 1, 1)}


def test_count_person_in_two_classes_once_where_enrolled_last(world, monitor):
    first = enrolled(world, "350", "13384", completed=True)
    EnrolmentFactory(
        user=first.user,
        run=world.runs["353"],
        unit=unit("13591"),
        enrolled_at=datetime(2014, 5, 25, 8, 0, tzinfo=HANOI),
    )
    assert counts(world, monitor) == {"13591": (1, 1, 1)}


def test_count_leaves_out_withdrawn_and_former_people(world, monitor):
    enrolment = enrolled(world, "350", "13384")
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    enrolment.posting.valid_to = TODAY - timedelta(days=1)
    enrolment.posting.save()
    assert counts(world, monitor) == {}


def test_count_only_the_asked_cadre(world, monitor):
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=world.course, cadre=Cadre.COMMUNE_OFFICER
    )
    PostingFactory(unit=unit("13384"))
    PostingFactory(unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER)
    found = count_by_unit(
        programme=world.programme, on=TODAY, reader=monitor, cadres=[Cadre.COMMUNE_OFFICER]
    )
    (figures,) = found.values()
    assert found.keys() == {unit("13384").pk}
    assert states_of(figures) == {PersonState.NO_CLASS: 1}


def test_count_person_lacking_one_of_two_courses_is_not_completed(world, monitor):
    other = make_course(code="khoa-hai")
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=other, cadre=Cadre.COLLABORATOR
    )
    enrolment = enrolled(world, "350", "13384", completed=True)
    # Nobody is to be reminded: a class of the other course has to be opened.
    assert counts(world, monitor) == {"13384": (1, 0, 0)}
    second = CourseRunFactory(course=other, programme=world.programme, unit=unit("350"))
    EnrolmentFactory(
        user=enrolment.user,
        run=second,
        unit=unit("13384"),
        status=EnrolmentStatus.COMPLETED,
        completed_at=DONE_AT,
    )
    assert counts(world, monitor) == {"13384": (1, 1, 1)}


def test_count_for_a_coordinator_holds_the_own_district_alone(world, coordinator):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591", completed=True)
    PostingFactory(unit=unit("13588"))
    assert counts(world, coordinator) == {"13384": (1, 1, 1)}


def test_table_rows_add_up_and_name_the_office(world, monitor, edition):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13387")
    PostingFactory(unit=unit("350"))
    PostingFactory(unit=unit("13591"))
    table = completion_table(programme=world.programme, edition=edition, on=TODAY, reader=monitor)
    assert [
        (row.unit.code, row.figures.people, row.figures.completed, row.communes_reached)
        for row in table.rows
    ] == [("350", 3, 1, 1), ("353", 1, 0, 0)]
    assert (table.total.figures.people, table.total.communes) == (4, 4)
    district = completion_table(
        programme=world.programme, edition=edition, on=TODAY, reader=monitor, parent=unit("350")
    )
    assert [(row.unit.code, row.is_office, row.figures.people) for row in district.rows] == [
        ("350", True, 1),
        ("13384", False, 1),
        ("13387", False, 1),
    ]


@pytest.mark.parametrize(("cadres", "people"), [(None, 2), ([Cadre.COMMUNE_OFFICER], 1), ([], 0)])
def test_people_and_table_keep_to_the_same_cadres(world, monitor, edition, cadres, people):
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=world.course, cadre=Cadre.COMMUNE_OFFICER
    )
    PostingFactory(unit=unit("13384"))
    PostingFactory(unit=unit("13384"), cadre=Cadre.COMMUNE_OFFICER)
    PostingFactory(unit=unit("13384"), cadre=Cadre.PARENT_GROUP)
    asked = {"programme": world.programme, "edition": edition, "on": TODAY, "reader": monitor}
    table = completion_table(**asked, cadres=cadres)
    assert table.total.figures.people == people
    assert len(lines_of(**asked, unit=unit("13384"), cadres=cadres)) == people


def test_people_behind_a_figure_are_as_many_as_it_says(world, monitor, edition):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "350", "13384")
    PostingFactory(unit=unit("13384"))
    PostingFactory(unit=unit("13387"))
    lines = lines_of(
        programme=world.programme, edition=edition, unit=unit("13384"), on=TODAY, reader=monitor
    )
    assert sorted(line.state for line in lines) == [
        PersonState.COMPLETED,
        PersonState.LEARNING,
        PersonState.NO_CLASS,
    ]


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
    table = completion_table(programme=world.programme, edition=later, on=TODAY, reader=monitor)
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


def test_table_adds_up_the_figures_of_plug_ins(world, monitor, edition, monkeypatch):
    monkeypatch.setitem(report_columns._entries, Papers.key, Papers())
    enrolled(world, "350", "13384")
    enrolled(world, "350", "13387")
    table = completion_table(programme=world.programme, edition=edition, on=TODAY, reader=monitor)
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
    other = make_course(code="khoa-hai")
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=other, cadre=Cadre.COLLABORATOR
    )
    enrolment = enrolled(world, "350", "13384")
    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    EnrolmentFactory(
        user=enrolment.user,
        run=world.runs["353"],
        unit=unit("13384"),
        status=EnrolmentStatus.COMPLETED,
        completed_at=DONE_AT,
    )
    (figures,) = count_by_unit(programme=world.programme, on=TODAY, reader=monitor).values()
    assert states_of(figures) == {PersonState.NO_CLASS: 1}


def test_nobody_is_in_a_class_that_was_cancelled(world, monitor):
    enrolled(world, "350", "13384")
    set_fields(world.runs["350"], status=RunStatus.CANCELLED)

    (figures,) = count_by_unit(programme=world.programme, on=TODAY, reader=monitor).values()
    assert (figures.people, figures.learning, figures.no_class) == (1, 0, 1)


def test_earlier_class_counts_again_when_the_later_is_cancelled(world, monitor):
    enrolment = enrolled(world, "350", "13384", completed=True)
    EnrolmentFactory(user=enrolment.user, run=world.runs["353"], unit=unit("13384"))
    set_fields(world.runs["353"], status=RunStatus.CANCELLED)
    assert waiting(world, monitor) == [(1, 0, 0, None)]


@pytest.mark.parametrize(
    ("status", "first_day"), [(RunStatus.OPEN, None), (RunStatus.CLOSED, date(2014, 6, 10))]
)
def test_person_in_two_classes_waits_only_when_the_other_is_over(world, monitor, status, first_day):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384")
    EnrolmentFactory(user=enrolment.user, run=world.runs["353"], unit=unit("13384"))
    world.runs["350"].status = status
    world.runs["350"].save()
    assert [one[3] for one in waiting(world, monitor)] == [first_day]


def test_completed_person_waits_for_nothing(world, monitor):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384", completed=True)
    EnrolmentFactory(user=enrolment.user, run=world.runs["353"], unit=unit("13384"))
    assert waiting(world, monitor) == [(1, 0, 0, None)]


def test_withdrawn_from_the_class_under_way_waits_for_the_next(world, monitor):
    put_off(world, "353")
    enrolment = enrolled(world, "350", "13384")
    EnrolmentFactory(user=enrolment.user, run=world.runs["353"], unit=unit("13384"))
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    assert waiting(world, monitor) == [(1, 0, 1, date(2014, 6, 10))]


def test_names_are_told_as_the_figure_counts_them(world, monitor, edition):
    put_off(world, "353")
    enrolled(world, "353", "13384")
    enrolled(world, "350", "13384")
    asked = {"programme": world.programme, "edition": edition, "on": TODAY, "reader": monitor}
    states = {line.state for line in lines_of(**asked, unit=unit("13384"))}
    assert states == {PersonState.TO_COME, PersonState.LEARNING}
    assert waiting(world, monitor) == [(2, 1, 1, date(2014, 6, 10))]


def test_places_of_the_table_add_up_to_its_total(world, monitor, edition):
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("350"))
    PostingFactory(unit=unit("35"))
    table = completion_table(programme=world.programme, edition=edition, on=TODAY, reader=monitor)
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
    assert sum(place.figures.people for place in table.places) == table.total.figures.people == 3


@pytest.fixture
def papers(monkeypatch):
    """No plug-in but this one has a say about what becomes of those who completed."""
    monkeypatch.setattr(report_columns, "_entries", {Papers.key: Papers()})


def no_names(row, **asked):
    raise AssertionError("These papers open no names.")


def test_figure_of_a_plug_in_is_reconciled_with_those_who_completed(
    world, monitor, edition, papers
):
    enrolled(world, "350", "13384", completed=True)
    enrolled(world, "353", "13591", completed=True)
    enrolled(world, "353", "13588")
    asked = {"programme": world.programme, "edition": edition, "on": TODAY, "reader": monitor}
    with translation.override("vi"):
        everywhere = reconciled(completion_table(**asked).total, no_names)
        district = reconciled(completion_table(**asked, parent=unit("353")).total, no_names)
    assert everywhere == [{"column": "Papers", "completed": 2, "parts": "2 with papers"}]
    assert district == [{"column": "Papers", "completed": 1, "parts": "1 with papers"}]


def test_nothing_is_reconciled_where_nobody_has_completed(world, monitor, edition, papers):
    enrolled(world, "350", "13384")
    table = completion_table(programme=world.programme, edition=edition, on=TODAY, reader=monitor)
    assert reconciled(table.total, no_names) == []
