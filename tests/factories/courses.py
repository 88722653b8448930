"""A course with its tree, classes and enrolments. The map (`make_map`) must exist."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import factory
from django.conf import settings
from wagtail.models import Locale, Page, Site

from courses.domain.completion import find_progress
from courses.domain.editions import freeze_edition, live_outline, write_outline
from courses.domain.enrolling import enrol_many
from courses.domain.outlines import renew_stamp
from courses.domain.progress import kept_progress, store_progress
from courses.domain.question_versions import versions_of
from courses.enums import QuestionKind, RunStatus
from courses.models import (
    CompletionRequirement,
    CourseEdition,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModulePage,
    Programme,
    Question,
    QuestionOption,
    Quiz,
    QuizAnswer,
    QuizAttempt,
    QuizQuestion,
)
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import UserFactory
from tests.factories.pages import Branch, grow
from tests.factories.rows import set_fields

HANOI = timezone(timedelta(hours=7))
# After the first day of the classes made here.
EVENING = datetime(2014, 5, 6, 20, 0, tzinfo=HANOI)


def make_course(code: str = "p2", modules: int = 1, lessons: int = 2) -> CoursePage:
    """A live course below the site's root page, each lesson with one text block."""
    index = CourseIndexPage.objects.first() or _make_index()
    course = CoursePage(title="Dự án 2", slug=code, code=code, as_of="2014")
    grow(index, Branch(course, [_module(number, lessons) for number in range(1, modules + 1)]))
    return course


def _module(number: int, lessons: int) -> Branch:
    page = ModulePage(
        title=f"Chuyên đề {number}", slug=f"m{number:02d}", code=f"M{number:02d}", as_of="2014"
    )
    return Branch(page, [Branch(_lesson(number, place)) for place in range(1, lessons + 1)])


def _lesson(number: int, place: int) -> LessonPage:
    return LessonPage(
        title=f"Bài {number}.{place}",
        slug=f"bai-{place}",
        as_of="2014",
        body=[("text", f"<p>Nội dung bài {number}.{place}</p>")],
    )


def make_root() -> Page:
    """Wagtail's root page: made by its migrations, and gone after a flush of the database."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    return Page.objects.filter(depth=1).first() or Page.add_root(
        instance=Page(title="Root", slug="root")
    )


def _make_index() -> CourseIndexPage:
    index = CourseIndexPage(title="Khoá học", slug="khoa-hoc")
    grow(make_root(), Branch(index))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": index}
    )
    return index


def make_quiz(module: ModulePage, questions: int = 2, prefix: str = "") -> Quiz:
    """A quiz of single-choice questions, each with a right first and a wrong second answer.

    The keys are M01-Q01 and so on; give a `prefix` for a second course. Classes of the course
    that are open ask it, as if it had been there when they opened.
    """
    quiz = Quiz.objects.create(module=module, title=f"Kiểm tra {module.code}")
    asked = Question.objects.bulk_create(
        Question(
            key=f"{prefix}{module.code}-Q{number:02d}",
            kind=QuestionKind.SINGLE,
            text=f"Câu hỏi {number}",
            explanation=f"Giải thích {number}",
            source="Kế hoạch 2014",
            as_of="2014",
        )
        for number in range(1, questions + 1)
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, text=text, is_correct=is_correct, sort_order=order)
        for question in asked
        for order, (text, is_correct) in enumerate([("Đúng", True), ("Sai", False)])
    )
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question=question, sort_order=order)
        for order, question in enumerate(asked, start=1)
    )
    refreeze()
    return quiz


#: Answers of each kind that is not ticked, as columns of `QuestionOption`.
ANSWERS = {
    QuestionKind.MATCHING: [
        {"text": "Bị đánh", "match": "Báo ngay"},
        {"text": "Nghỉ học một hôm", "match": "Hỏi thăm"},
        {"text": "Bị doạ", "match": "Báo ngay"},
    ],
    QuestionKind.ORDERING: [{"text": "Chào"}, {"text": "Hỏi"}, {"text": "Ghi"}],
    QuestionKind.NUMBER: [{"text": "1,5", "tolerance": "0,5"}],
    QuestionKind.SHORT_TEXT: [{"text": "Sao nhãng"}, {"text": "bỏ mặc"}],
}


def add_question(quiz: Quiz, kind: QuestionKind, **fields: Any) -> Question:
    """A question of this kind at the end of a quiz, with the answers of `ANSWERS`."""
    question = Question.objects.create(
        key=f"{quiz.module.code}-{kind}",
        kind=kind,
        text=f"Câu {kind}",
        explanation="Giải thích",
        source="Kế hoạch 2014",
        as_of="2014",
        **fields,
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, is_correct=True, sort_order=order, **columns)
        for order, columns in enumerate(ANSWERS[kind])
    )
    last = QuizQuestion.objects.filter(quiz=quiz).count()
    QuizQuestion.objects.create(quiz=quiz, question=question, sort_order=last + 1)
    refreeze()
    return question


def questions_in(quiz: Quiz) -> list[Question]:
    """The questions of a quiz in their order, with their options."""
    links = quiz.quiz_questions.order_by("sort_order", "pk").select_related("question")
    return [link.question for link in links.prefetch_related("question__options")]


def put_question(attempt: QuizAttempt, question: Question, **fields: Any) -> QuizAnswer:
    """The row of a question in an attempt that no rule began: as it is now, with this answer."""
    version = versions_of(questions=[question], at=EVENING)[question.pk]
    return QuizAnswer.objects.create(attempt=attempt, question=question, version=version, **fields)


def refreeze() -> None:
    """Let all editions be what their courses are now: they were so when the classes opened."""
    for edition in CourseEdition.objects.select_related("course"):
        edition.modules.all().delete()
        write_outline(edition=edition, outline=live_outline(edition.course), at=EVENING)
    renew_stamp()
    for run in CourseRun.objects.exclude(requirements=None):
        note_progress(run)


def set_rules(quiz: Quiz, **rules: Any) -> None:
    """Let these rules hold in the edition of every class."""
    set_fields(quiz, **rules)
    refreeze()


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("code",)

    code = "du-an-2"
    name = "Dự án 2"
    starts_on = date(2014, 1, 1)
    ends_on = date(2014, 12, 31)


class CourseRunFactory(factory.django.DjangoModelFactory):
    """An open class; give `course`, `programme` and `unit`."""

    class Meta:
        model = CourseRun

    code = factory.Sequence(lambda n: f"LOP-{n:03d}")
    title = factory.LazyAttribute(lambda run: f"Lớp {run.code}")
    place = "Hội trường huyện"
    starts_on = date(2014, 5, 6)
    ends_on = date(2014, 5, 7)
    status = RunStatus.OPEN
    edition = factory.LazyAttribute(lambda run: freeze_edition(course=run.course, at=EVENING))


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """An active enrolment; give `run` and `unit`."""

    class Meta:
        model = Enrolment

    user = factory.SubFactory(UserFactory)
    cadre = Cadre.COLLABORATOR
    enrolled_at = datetime(2014, 5, 1, 8, 0, tzinfo=HANOI)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        is_noted = kwargs.pop("is_noted", True)
        enrolment = super()._create(model_class, *args, **kwargs)
        if is_noted:
            note_progress(enrolment.run, enrolment)
        return enrolment


def make_run(course: CoursePage, unit: AdministrativeUnit, **fields: Any) -> CourseRun:
    """An open class of the sample programme, held by `unit`; asks nothing until it is told to."""
    programme = ProgrammeFactory(edition=unit.edition)
    return CourseRunFactory(programme=programme, course=course, unit=unit, **fields)


def enrol(*, run: CourseRun, user: User, at: datetime) -> Enrolment:
    """One person, enrolled as the domain does it."""
    return enrol_many(run=run, users=[user], at=at)[0]


def ask(run: CourseRun, **requirements: dict[str, Any]) -> None:
    """Put the first version of what a class asks in force: `ask(run, lessons={"percent": 100})`."""
    CompletionRequirement.objects.bulk_create(
        CompletionRequirement(run=run, version=1, criterion=key, params=params)
        for key, params in requirements.items()
    )
    note_progress(run)


def note_progress(run: CourseRun, *enrolments: Enrolment) -> None:
    """Write what everybody in the class, or these, have and lack; nothing is decided by it.

    For rows that a test makes without the rule that makes them.
    """
    if run.requirements.exists():
        everybody = enrolments or run.enrolments.all()
        ids = [enrolment.pk for enrolment in everybody]
        rows = find_progress(run=run, enrolment_ids=ids)
        store_progress(rows=rows, stored=kept_progress(enrolment_ids=ids))


def read_lessons(enrolment: Enrolment, *lessons: LessonPage, at: datetime = EVENING) -> None:
    """Note these lessons as read, and judge nothing yet."""
    for lesson in lessons:
        LessonCompletion.objects.create(enrolment=enrolment, lesson=lesson, completed_at=at)
    note_progress(enrolment.run, enrolment)
