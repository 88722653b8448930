"""Sessions and marks. Records are made by the domain, as everywhere."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.db.models import F
from django.utils import timezone

from attendance.domain.roll.recording import RollCallResult, RollEntry, record_roll_call
from attendance.enums import AttendanceStatus
from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.models import CourseRun, Enrolment
from tests.factories.courses import HANOI, EnrolmentFactory, make_course, make_run, note_progress
from tests.factories.geography import unit

ENTRY_FIELDS = {"status", "client_id", "minutes_late", "minutes_left_early", "reason"}
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
    # Its hours count: these sessions are long over. None for one that is to come.
    counted_at = factory.SelfAttribute("ends_at")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        session = super()._create(model_class, *args, **kwargs)
        note_progress(session.run)
        return session


def make_class(district: str = "350", **fields: Any) -> CourseRun:
    """An open class held by a district of the small map; its course is made unless given."""
    course = fields.pop("course", None) or make_course()
    return make_run(course, unit(district), **fields)


def offer_make_up(missed: Session, code: str, place: str, days: int) -> Session:
    """A session of a class in Lý Nhân, so many days later, that makes up for the one missed."""
    host = make_class("353", course=missed.run.course, code=code, ends_on=date(2014, 5, 20))
    starts_at = missed.starts_at + timedelta(days=days)
    fields = {"starts_at": starts_at, "counted_at": None, "place": place}
    return SessionFactory(run=host, module=missed.module, **fields)


def enrol_many(run: CourseRun, count: int, commune: str = "13387") -> list[Enrolment]:
    """`count` people of one commune in the class."""
    people = EnrolmentFactory.create_batch(count, run=run, unit=unit(commune), is_noted=False)
    note_progress(run, *people)
    return people


def entry(enrolment: Enrolment, status: str = AttendanceStatus.PRESENT, **fields: Any) -> RollEntry:
    """A roll-call entry with a client id of its own."""
    fields.setdefault("client_id", uuid4())
    return RollEntry(enrolment_id=enrolment.pk, status=AttendanceStatus(status), **fields)


def take_roll(**call: Any) -> RollCallResult:
    """`record_roll_call` by somebody who may note the whole class."""
    return record_roll_call(among=Enrolment.objects.all(), **call)


def record_mark(*, session: Session, enrolment: Enrolment, **call: Any) -> AttendanceRecord:
    """Note one person alone; what is refused is raised."""
    noted = {name: call.pop(name) for name in ENTRY_FIELDS & call.keys()}
    result = take_roll(session=session, entries=[entry(enrolment, **noted)], **call)
    for refusal in result.refused.values():
        raise refusal
    return AttendanceRecord.objects.get(session=session, enrolment=enrolment)


def age_marks(by: timedelta = timedelta(hours=1)) -> None:
    """Let all marks be older: nobody's slip of the finger any more."""
    AttendanceMark.objects.update(marked_at=F("marked_at") - by)


def at_eight(days: int = 0) -> datetime:
    """Eight in the morning of today, or so many days from it."""
    morning = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=days)
