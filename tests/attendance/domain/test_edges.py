"""What changes around a class while its hours stay what they are."""

from datetime import date, timedelta

from attendance.domain.hours.rebuilding import find_differences
from attendance.models import AttendanceRecord
from courses.domain.moving_runs import move_run
from courses.enums import EnrolmentStatus
from courses.models import LessonPage
from lms.accounts.register.domain.postings import transfer
from tests.factories.accounts import PostingFactory
from tests.factories.attendance import IN_CLASS, SessionFactory, enrol_many, record_mark
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import status_of

EVENING = IN_CLASS.replace(hour=18)


def test_person_who_is_transferred_between_two_sessions_keeps_hours_and_completes(
    run, person, session, trainer
):
    afternoon = SessionFactory(run=run, starts_at=session.starts_at + timedelta(days=1))
    ask(run, attendance_hours={"percent": 100})
    old = PostingFactory(user=person.user, unit=person.unit, valid_from=date(2013, 1, 1))
    record_mark(session=session, enrolment=person, by=trainer, at=session.ends_at)

    transfer(
        user=person.user, from_unit=old.unit, to_unit=unit("13591"), on=date(2014, 5, 7), by=None
    )
    record_mark(session=afternoon, enrolment=person, by=trainer, at=afternoon.ends_at)

    assert status_of(person) == EnrolmentStatus.COMPLETED
    # Counted where the person worked when enrolled.
    assert person.unit == old.unit
    assert not list(find_differences())


def test_class_that_goes_over_to_another_edition_keeps_every_minute(
    run, session, trainer, administrator
):
    ask(run, attendance_hours={"percent": 100})
    here, away = enrol_many(run, 2)
    record_mark(session=session, enrolment=here, by=trainer, at=session.ends_at)
    lesson = LessonPage.objects.descendant_of(run.course).last()
    lesson.is_required = False
    lesson.save_revision().publish()

    move_run(run=run, at=EVENING, by=administrator)
    record_mark(session=session, enrolment=away, by=trainer, at=EVENING)

    assert set(AttendanceRecord.objects.values_list("minutes", flat=True)) == {210}
    for person in (here, away):
        assert status_of(person) == EnrolmentStatus.COMPLETED
    assert not list(find_differences())
