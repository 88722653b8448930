"""Ways through a course: its map, one person's next step, the reading of many."""

from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.functions import Length, Substr
from django.utils.functional import cached_property
from wagtail.models import Page

from courses.domain.lessons import LessonLine, ModuleLine, QuizLine
from courses.models import (
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModulePage,
)
from lms.core.counting import count_of


class LessonStop(NamedTuple):
    pk: int
    title: str
    url_path: str
    is_required: bool
    is_read: bool


@dataclass(frozen=True)
class ModuleStop:
    """`number` counts from 1."""

    pk: int
    number: int
    title: str
    url_path: str
    quiz_id: int | None = None
    lessons: list[LessonStop] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Where a lesson stands: `number` counts from 1 within its module."""

    module: ModuleStop
    number: int
    previous: LessonStop | None
    next: LessonStop | None

    @property
    def is_last_of_module(self) -> bool:
        return self.number == len(self.module.lessons)


@dataclass(frozen=True)
class CourseMap:
    """The published modules and lessons of a course, without their text."""

    title: str
    url_path: str
    modules: list[ModuleStop] = field(default_factory=list)

    @property
    def required_count(self) -> int:
        return sum(lesson.is_required for lesson in self._lessons)

    @property
    def read_count(self) -> int:
        """Of the lessons that count."""
        return sum(lesson.is_read and lesson.is_required for lesson in self._lessons)

    @cached_property
    def _lessons(self) -> list[LessonStop]:
        return list(chain.from_iterable(module.lessons for module in self.modules))

    def place_of(self, lesson_id: int) -> Place | None:
        """Return where this lesson stands, None when it is not on the map."""
        lessons = self._lessons
        for module in self.modules:
            for number, lesson in enumerate(module.lessons, start=1):
                if lesson.pk == lesson_id:
                    at = lessons.index(lesson)
                    return Place(
                        module=module,
                        number=number,
                        previous=lessons[at - 1] if at else None,
                        next=lessons[at + 1] if at + 1 < len(lessons) else None,
                    )
        return None


def course_map(*, course_path: str, enrolment: Enrolment | None = None) -> CourseMap | None:
    """Return the course at this tree path with what the enrolment has read; one query.

    None when there is no such published course. Lessons of an unpublished module are left out.
    """
    mapped: CourseMap | None = None
    modules: dict[str, ModuleStop] = {}
    rows = _rows(course_path, enrolment)
    for pk, path, title, url_path, is_required, quiz_id, is_read in rows:
        parent = path[: -Page.steplen]
        if path == course_path:
            mapped = CourseMap(title, url_path)
        elif mapped and parent == course_path:
            modules[path] = ModuleStop(pk, len(modules) + 1, title, url_path, quiz_id)
            mapped.modules.append(modules[path])
        elif parent in modules:
            stop = LessonStop(pk, title, url_path, is_required, is_read)
            modules[parent].lessons.append(stop)
    return mapped


def next_step(*, lines: list[ModuleLine], after: int | None = None) -> LessonLine | QuizLine | None:
    """Return what there is to do next in an outline (`lessons.outline`): a lesson or a quiz.

    The first open step behind the lesson with the id `after`, else the first of all; None when
    nothing is left. Further reading and quizzes without an attempt left are no steps.
    """
    steps: list[LessonLine | QuizLine] = []
    for line in lines:
        steps.extend(line.lessons)
        if line.quiz:
            steps.append(line.quiz)
    start = next(
        (
            place
            for place, step in enumerate(steps, start=1)
            if isinstance(step, LessonLine) and step.lesson.pk == after
        ),
        0,
    )
    return next((step for step in [*steps[start:], *steps[:start]] if _is_open(step)), None)


def annotate_reading(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Add `lessons_read` and `lessons_total`, both of the lessons that count."""
    in_live_module = ModulePage.objects.filter(
        live=True, path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)
    )
    counting = LessonPage.objects.filter(Exists(in_live_module), live=True, is_required=True)
    of_course = counting.filter(path__startswith=OuterRef("run__course__path"))
    read = LessonCompletion.objects.filter(
        enrolment=OuterRef("pk"), lesson__in=counting.order_by().values("pk")
    )
    return enrolments.annotate(lessons_read=count_of(read), lessons_total=count_of(of_course))


def _is_open(step: LessonLine | QuizLine) -> bool:
    if isinstance(step, LessonLine):
        return step.lesson.is_required and not step.is_read
    return not step.is_passed and (step.has_open_attempt or step.attempts_left != 0)


def _rows(course_path: str, enrolment: Enrolment | None) -> QuerySet[Page]:
    completed = LessonCompletion.objects.filter(enrolment=enrolment, lesson=OuterRef("pk"))
    return (
        Page.objects.filter(path__startswith=course_path, live=True)
        .order_by("path")
        .values_list(
            "pk",
            "path",
            "title",
            "url_path",
            "lessonpage__is_required",
            "modulepage__quiz__pk",
            Exists(completed) if enrolment else Value(False, BooleanField()),
        )
    )
