"""A small class with everybody who has to do with it, for those who change what they touch."""

from dataclasses import dataclass

from certificates.domain.rendering import render_file
from courses.models import CourseRun, ProgrammeRequirement
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, UserFactory
from tests.factories.attendance import SessionFactory, enrol_many
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import EnrolmentFactory, ask, make_course, make_quiz, make_run
from tests.factories.geography import make_map, unit

PASSWORD = "tre-em-la-tren-het"
RUN = "Lớp Kim Bảng số 1"
SESSION = "Buổi 1: Mở đầu"
TRAINEE = "Đỗ Thị Đào"


@dataclass(frozen=True)
class Scenario:
    trainee: User
    trainer: User
    coordinator: User
    run: CourseRun


def make_scenario() -> Scenario:
    """Two lessons, a quiz of two questions, a session of three people, one certificate."""
    make_map()
    course = make_course()
    make_quiz(course.get_children().first().specific)
    run = make_run(course, unit("350"), title=RUN)
    ask(run, lessons={"percent": 100}, quizzes={"pass_percent": 50})
    ProgrammeRequirement.objects.create(
        programme=run.programme, course=course, cadre=Cadre.COLLABORATOR
    )
    trainee = _person(TRAINEE, phone="+84912345678")
    posting = PostingFactory(user=trainee, unit=unit("13387"))
    EnrolmentFactory(run=run, unit=unit("13387"), user=trainee, posting=posting)
    enrol_many(run, 2)
    trainer = _person("Trần Thị Hà")
    RoleAssignmentFactory(user=trainer, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(trainer)
    SessionFactory(run=run, title=SESSION)
    coordinator = _person("Lê Văn Thuận")
    RoleAssignmentFactory(user=coordinator, role=Role.COORDINATOR, unit=unit("350"))
    _certify(trainee)
    return Scenario(trainee=trainee, trainer=trainer, coordinator=coordinator, run=run)


def _person(name: str, **fields: object) -> User:
    user = UserFactory(full_name=name, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def _certify(user: User) -> None:
    CertificateTemplateFactory()
    run = make_run(make_course("cu"), unit("350"), title="Lớp năm ngoái")
    render_file(certificate_id=issued(completed(run, unit("13387"), user=user)).pk)
