from attendance.models import Session
from courses.models import CourseRun, Enrolment, ModulePage
from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from lms.geography.models import BoundaryEdition
from tests.factories.accounts import make_official
from tests.factories.attendance import SessionFactory, enrol_many, make_class, offer_make_up
from tests.factories.courses import ask
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared


@shared
def run(edition: BoundaryEdition) -> CourseRun:
    """An open class in Kim Bảng on 6 and 7 May 2014."""
    return make_class("350")


@shared
def session(run: CourseRun) -> Session:
    """Its first morning: 08:00 to 11:30, 210 minutes."""
    return SessionFactory(run=run, title="Buổi 1")


@shared
def trainer(run: CourseRun, trainer: User) -> User:
    """Teaches the class and nothing else."""
    run.trainers.add(trainer)
    return trainer


@shared
def other_trainer(edition: BoundaryEdition) -> User:
    """Teaches in another district, and looks after it."""
    person = make_official(Role.TRAINER, "353", full_name="Lê Thị Khác")
    assign_role(user=person, role=Role.COORDINATOR, unit=unit("353"))
    return person


@shared
def person(run: CourseRun) -> Enrolment:
    """The one trainee of the class."""
    return enrol_many(run, 1)[0]


@shared
def people(run: CourseRun) -> list[Enrolment]:
    return enrol_many(run, 3)


@shared
def missed(run: CourseRun, session: Session) -> Session:
    """The session, once the class lets it be made up for."""
    set_fields(session, module=ModulePage.objects.get())
    ask(run, attendance_hours={"percent": 100, "make_up_days": 30})
    return session


@shared
def elsewhere(missed: Session) -> Session:
    """The missed session in a class of Lý Nhân, three days later."""
    return offer_make_up(missed, "LN-1", "Vĩnh Trụ", 3)
