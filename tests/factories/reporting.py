"""A programme with one course, one class a district, and somebody to look at it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from courses.enums import EnrolmentStatus
from courses.models import CoursePage, CourseRun, Enrolment, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.geography.models import BoundaryEdition
from lms.reporting.domain.people import find_people
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.domain.tables import Table, completion_table
from lms.reporting.enums import PersonState
from lms.reporting.models import CoverageTarget
from tests.factories.accounts import PostingFactory
from tests.factories.courses import (
    CourseRunFactory,
    EnrolmentFactory,
    ProgrammeFactory,
    make_course,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields

HANOI = timezone(timedelta(hours=7))
DONE_AT = datetime(2014, 5, 20, 17, 0, tzinfo=HANOI)
DONE = {"status": EnrolmentStatus.COMPLETED, "completed_at": DONE_AT}
# What most tests call today: some days after the classes, and after those who have completed.
TODAY = date(2014, 6, 1)


@dataclass
class World:
    programme: Programme
    course: CoursePage
    runs: dict[str, CourseRun]


def make_world(edition: BoundaryEdition) -> World:
    """Collaborators must complete one course; a class in Kim Bảng (350) and in Lý Nhân (353)."""
    course = make_course()
    programme = ProgrammeFactory(edition=edition)
    ProgrammeRequirement.objects.create(
        programme=programme, course=course, cadre=Cadre.COLLABORATOR
    )
    runs = {
        code: CourseRunFactory(course=course, programme=programme, unit=unit(code))
        for code in ("350", "353")
    }
    return World(programme=programme, course=course, runs=runs)


def enrolled(world: World, district: str, commune: str, *, completed: bool = False) -> Enrolment:
    """A person posted in the commune and enrolled in the district's class."""
    posting = PostingFactory(unit=unit(commune))
    done = DONE if completed else {}
    return EnrolmentFactory(
        user=posting.user, run=world.runs[district], unit=unit(commune), posting=posting, **done
    )


def also_in(enrolment: Enrolment, run: CourseRun, **fields: Any) -> Enrolment:
    """The same person, of the same post, in another class."""
    same = {"user": enrolment.user, "unit": enrolment.unit, "posting": enrolment.posting}
    return EnrolmentFactory(run=run, **(same | fields))


def ask_course(world: World, code: str = "khoa-hai") -> CoursePage:
    """A further course that collaborators must complete; it has no class yet."""
    course = make_course(code=code)
    ProgrammeRequirement.objects.create(
        programme=world.programme, course=course, cadre=Cadre.COLLABORATOR
    )
    return course


def ask_cadre(world: World, cadre: Cadre = Cadre.COMMUNE_OFFICER) -> ProgrammeRequirement:
    """Let a further cadre have to complete the course of the world."""
    return ProgrammeRequirement.objects.create(
        programme=world.programme, course=world.course, cadre=cadre
    )


def set_target(world: World, code: str, **said: Any) -> CoverageTarget:
    """What the programme is to reach in this unit."""
    return CoverageTarget.objects.create(programme=world.programme, unit=unit(code), **said)


def asked_of(world: World, reader: User, **more: Any) -> dict[str, Any]:
    """What the rules of the report are asked: of the programme, on TODAY, by this reader."""
    programme = world.programme
    asked = {"programme": programme, "edition": programme.edition, "on": TODAY, "reader": reader}
    return asked | more


def table_of(world: World, reader: User, **more: Any) -> Table:
    """The table of the whole, or of what is asked besides."""
    return completion_table(**asked_of(world, reader, **more))


def put_off(world: World, district: str, first_day: date = date(2014, 6, 10)) -> CourseRun:
    """The district's class begins on a day after those that tests call today."""
    run = world.runs[district]
    set_fields(run, starts_on=first_day, ends_on=first_day + timedelta(days=1))
    return run


def lines_of(**asked) -> list[PersonLine]:
    """All lines behind a figure, whatever their state."""
    return find_people(**asked).lines(states=list(PersonState))
