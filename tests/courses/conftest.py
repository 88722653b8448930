"""One open class in Kim Bảng over a course of one module, two lessons and a quiz."""

from courses.models import CoursePage, CourseRun, Enrolment, LessonPage, ModulePage, Question, Quiz
from lms.geography.models import BoundaryEdition
from tests.courses.views.conftest import take
from tests.factories.courses import EVENING, EnrolmentFactory, ask, make_course, make_quiz, make_run
from tests.factories.geography import unit
from tests.shared import shared


@shared
def course(edition: BoundaryEdition) -> CoursePage:
    return make_course()


@shared
def module(course: CoursePage) -> ModulePage:
    return ModulePage.objects.child_of(course).get()


@shared
def lessons(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


@shared
def quiz(module: ModulePage) -> Quiz:
    return make_quiz(module)


@shared
def run(course: CoursePage) -> CourseRun:
    return make_run(course, unit("350"))


@shared
def enrolment(run: CourseRun) -> Enrolment:
    return EnrolmentFactory(run=run, unit=unit("13384"), user__full_name="Hoàng Thị Hương")


@shared
def people(run: CourseRun, quiz: Quiz) -> tuple[Enrolment, Enrolment]:
    """Who had both right and completed by it, and who had both wrong."""
    ask(run, quizzes={"pass_percent": 60})
    done, failed = (EnrolmentFactory(run=run, unit=unit("13384")) for _ in range(2))
    take(done, quiz, EVENING, right=2)
    take(failed, quiz, EVENING, right=0)
    return done, failed


@shared
def question(quiz: Quiz) -> Question:
    return Question.objects.get(key="M01-Q01")
