"""One person under two records in one class: marks stay where they were made, none is lost."""

from attendance.domain.hours.rebuilding import find_differences
from attendance.domain.register.sign_off import sign_session
from attendance.models import AttendanceMark, AttendanceRecord
from courses.enums import EnrolmentStatus
from lms.accounts.merging.domain.merge import merge
from lms.accounts.merging.domain.unmerge import unmerge
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, entry, take_roll
from tests.factories.courses import ask
from tests.factories.rows import status_of
from tests.shared import shared

EVENING = IN_CLASS.replace(hour=18)
HALF_DAY = IN_CLASS.replace(hour=13, minute=30)


@shared
def twice(run, session, trainer):
    """Both halves of the day, each noted under another record of the same person."""
    afternoon = SessionFactory(run=run, starts_at=HALF_DAY)
    ask(run, attendance_hours={"percent": 100})
    kept, closed = enrol_many(run, 2)
    for held, person in ((session, kept), (afternoon, closed)):
        take_roll(session=held, entries=[entry(person)], by=trainer, at=held.ends_at)
    return kept, closed, afternoon


def test_what_was_noted_under_the_closed_record_can_be_noted_for_the_kept_one(
    twice, trainer, administrator
):
    kept, closed, afternoon = twice
    merge(keep=kept.user, close=closed.user, by=administrator, at=EVENING)
    assert status_of(closed) == EnrolmentStatus.WITHDRAWN
    assert AttendanceMark.objects.filter(enrolment=closed).count() == 1

    take_roll(session=afternoon, entries=[entry(kept)], by=trainer, at=EVENING)

    assert status_of(kept) == EnrolmentStatus.COMPLETED
    assert not list(find_differences())


def test_parting_them_again_gives_each_what_it_had(twice, session, trainer, administrator):
    kept, closed, _afternoon = twice
    done = merge(keep=kept.user, close=closed.user, by=administrator, at=EVENING)
    signed = sign_session(session=session, by=trainer, at=EVENING)

    unmerge(merge=done, by=administrator, at=EVENING)

    assert status_of(closed) == EnrolmentStatus.ACTIVE
    held = AttendanceRecord.objects.values_list("enrolment", "minutes")
    assert sorted(held) == [(kept.pk, 210), (closed.pk, 210)]
    signed.refresh_from_db()
    assert signed.present_count == 1
