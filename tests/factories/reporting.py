"""A programme with one course, one class a district, and somebody to look at it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from courses.enums import EnrolmentStatus
from courses.models import CoursePage, CourseRun, Enrolment, Programme, ProgrammeRequirement
from lms.accounts.enums import Cadre
from lms.geography.models import BoundaryEdition
from lms.reporting.domain.people import find_people
from lms.reporting.domain.person_lines import PersonLine
from lms.reporting.enums import PersonState
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
    done = {"status": EnrolmentStatus.COMPLETED, "completed_at": DONE_AT} if completed else {}
    return EnrolmentFactory(
        user=posting.user, run=world.runs[district], unit=unit(commune), posting=posting, **done
    )


def put_off(world: World, district: str, first_day: date = date(2014, 6, 10)) -> CourseRun:
    """The district's class begins on a day after those that tests call today."""
    run = world.runs[district]
    set_fields(run, starts_on=first_day, ends_on=first_day + timedelta(days=1))
    return run


def lines_of(**asked) -> list[PersonLine]:
    """All lines behind a figure, whatever their state."""
    return find_people(**asked).lines(states=list(PersonState))
