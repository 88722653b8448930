"""People whom a class that is over has left behind: data quality tells those whom the report counts."""

from datetime import datetime, timedelta, timezone

from django.urls import reverse

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.reporting.quality_checks import LeftUnfinished
from tests.factories.accounts import PostingFactory
from tests.factories.courses import (
    CourseRunFactory,
    EnrolmentFactory,
    ProgrammeFactory,
    make_run,
)
from tests.factories.geography import unit
from tests.factories.reporting import also_in, ask_course, table_of
from tests.factories.rows import set_fields
from tests.quality import told_by
from tests.shared import shared

NOW = datetime(2014, 6, 1, 8, tzinfo=timezone(timedelta(hours=7)))
DONE = {"status": EnrolmentStatus.COMPLETED, "completed_at": NOW}


@shared
def world(world):
    set_fields(world.runs["350"], status=RunStatus.CLOSED)
    return world


def enrolled(run, user=None, **fields):
    place = unit("13384")
    user = user or PostingFactory(unit=place).user
    return EnrolmentFactory(user=user, run=run, unit=place, **fields)


def counted(world, reader):
    return table_of(world, reader).total.figures.not_completed


def class_of(course, **fields):
    return make_run(course, unit("350"), title="Lớp hai", **fields)


def test_who_is_left_and_who_learns_or_has_learned_elsewhere(world, coordinator, monitor):
    closed, open_run = world.runs["350"], world.runs["353"]
    left = enrolled(closed)
    later = class_of(world.course, status=RunStatus.CLOSED)
    again = enrolled(later, enrolled(closed).user, enrolled_at=NOW - timedelta(days=9))
    enrolled(open_run, enrolled(closed).user)
    enrolled(later, enrolled(closed).user, **DONE)
    enrolled(closed, **DONE)
    enrolled(closed, status=EnrolmentStatus.WITHDRAWN)
    check = LeftUnfinished()

    lines = told_by(check, coordinator, at=NOW)

    assert {line.code for line in lines} == {left.user.staff_code, again.user.staff_code}
    (twice,) = (line for line in lines if line.code == again.user.staff_code)
    assert [closed.title in twice.note, later.title in twice.note] == [True, True]
    assert check.count_by_path(monitor, at=NOW) == {unit("13384").path: counted(world, monitor)}
    assert check.act(coordinator).url == reverse("runs:add")
    assert check.act(monitor) is None


def test_person_is_counted_as_often_as_the_report_counts(world, monitor):
    """Two courses left behind, another course under way, a cadre that nobody asks: as in the report."""
    other = ask_course(world)
    closed = world.runs["350"]
    both = enrolled(closed)
    enrolled(class_of(other, status=RunStatus.CLOSED), both.user)
    enrolled(class_of(other), enrolled(closed).user)
    enrolled(closed, cadre=Cadre.COMMUNE_OFFICER)

    lines = told_by(LeftUnfinished(), monitor, at=NOW)

    assert [line.code for line in lines] == [both.user.staff_code]
    assert counted(world, monitor) == 1


def test_each_programme_counts_its_own_people(world, monitor, as_monitor):
    programme = ProgrammeFactory(code="moi", edition=world.programme.edition)
    ProgrammeRequirement.objects.create(
        programme=programme, course=world.course, cadre=Cadre.COLLABORATOR
    )
    person = enrolled(world.runs["350"]).user
    run = CourseRunFactory(
        course=world.course, programme=programme, unit=unit("350"), status=RunStatus.CLOSED
    )
    enrolled(run, person)

    enrolled(world.runs["350"])

    assert len(told_by(LeftUnfinished(), monitor, at=NOW)) == 3
    sums = LeftUnfinished().sums(monitor, at=NOW)
    assert [one.label[-2:] for one in sums] == [" 2", " 1"]
    listed = [as_monitor.get(one.url).context["page"].paginator.count for one in sums]
    assert listed == [2, 1]
    (card,) = (
        one
        for one in as_monitor.get(reverse("reporting:quality")).context["cards"]
        if one["check"].key == LeftUnfinished.key
    )
    assert card["sums"] == sums


def test_class_of_another_area_is_not_named(world, coordinator):
    first = enrolled(world.runs["350"])
    set_fields(world.runs["353"], status=RunStatus.CLOSED, title="Lớp kín")
    also_in(first, world.runs["353"], unit=unit("13591"), enrolled_at=NOW - timedelta(days=90))

    (line,) = told_by(LeftUnfinished(), coordinator, at=NOW)

    assert "Lớp kín" not in line.note
    assert world.runs["350"].title in line.note


def test_other_area_is_not_told(world, make_official):
    enrolled(world.runs["350"])

    assert told_by(LeftUnfinished(), make_official("coordinator", "353"), at=NOW) == []
