"""Sessions and marks. Records are made by the domain, as everywhere."""

from datetime import datetime, timedelta
from uuid import uuid4

import factory

from attendance.domain.recording import RollEntry
from attendance.enums import AttendanceStatus
from attendance.models import Session
from courses.models import CourseRun, Enrolment
from tests.factories.courses import (
    HANOI,
    CourseRunFactory,
    EnrolmentFactory,
    ProgrammeFactory,
    make_course,
)
from tests.factories.geography import unit

# A minute after the first session of the classes of `tests.factories.courses` began.
IN_CLASS = datetime(2014, 5, 6, 8, 1, tzinfo=HANOI)


class SessionFactory(factory.django.DjangoModelFactory):
    """A required session of 210 minutes on the first morning; give `run`."""

    class Meta:
        model = Session

    title = factory.Sequence(lambda n: f"Buổi {n + 1}")
    starts_at = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(minutes=210))
    place = "Hội trường huyện"


def make_run(district: str = "350", **fields) -> CourseRun:
    """An open class held by a district of the small map, with a course and a programme."""
    code = fields.pop("course_code", "p2")
    course = fields.pop("course", None) or make_course(code=code)
    edition = unit(district).edition
    return CourseRunFactory(
        course=course,
        programme=ProgrammeFactory(edition=edition),
        unit=unit(district),
        **fields,
    )


def enrol_many(run: CourseRun, count: int, commune: str = "13387") -> list[Enrolment]:
    """`count` people of one commune in the class."""
    place = unit(commune)
    return EnrolmentFactory.create_batch(count, run=run, unit=place)


def entry(enrolment: Enrolment, status: str = AttendanceStatus.PRESENT, **fields) -> RollEntry:
    """A roll-call entry with a client id of its own."""
    fields.setdefault("client_id", uuid4())
    return RollEntry(enrolment_id=enrolment.pk, status=AttendanceStatus(status), **fields)
