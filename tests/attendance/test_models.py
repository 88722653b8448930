import pytest

from attendance.models import AttendanceMark, AttendanceRecord, Session
from courses.enums import EnrolmentStatus
from lms.accounts.enums import Role
from tests.factories.accounts import RoleAssignmentFactory, UserFactory
from tests.factories.attendance import IN_CLASS, enrol_many, entry, take_roll
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared

pytestmark = pytest.mark.sqlite("the constraints of each database")


@shared
def person(run, session, trainer):
    """One trainee, noted as present."""
    person = enrol_many(run, 1)[0]
    take_roll(session=session, entries=[entry(person)], by=trainer, at=IN_CLASS)
    return person


def sees(user):
    return (
        Session.objects.visible_to(user).count(),
        AttendanceRecord.objects.visible_to(user).count(),
    )


def test_trainer_and_trainee_see_session_and_record_and_another_district_nothing(
    person, trainer, other_trainer
):
    assert sees(trainer) == sees(person.user) == (1, 1)
    assert sees(other_trainer) == (0, 0)
    for reader in (person.user, other_trainer):
        assert not Session.objects.manageable_by(reader).exists()
    set_fields(person, status=EnrolmentStatus.WITHDRAWN)
    assert sees(person.user) == (0, 1)


@pytest.mark.parametrize(
    ("role", "kept"),
    [(Role.ADMINISTRATOR, 1), (Role.COORDINATOR, 1), (Role.MONITOR, 0), (Role.FOCAL_POINT, 0)],
)
def test_province_sees_every_register_and_its_keepers_keep_them(person, role, kept):
    official = UserFactory()
    RoleAssignmentFactory(user=official, role=role, unit=unit("35"))
    assert sees(official) == (1, 1)
    assert Session.objects.manageable_by(official).count() == kept


def test_rows_say_what_they_are(person, session):
    assert str(session) == "Buổi 1"
    assert str(AttendanceMark.objects.get()) == f"{session.pk}, {person.pk}: present"
    assert str(AttendanceRecord.objects.get()) == f"{session.pk}, {person.pk}: present, 210"
