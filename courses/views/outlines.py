"""A course as a list of modules, told to whoever looks at it."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from courses.domain.course_tree import ModuleStop, course_map, next_step
from courses.domain.lessons import LessonLine, ModuleLine, QuizLine, outline
from courses.views.access import Reader
from courses.views.urls_for import page_address, step_address


@dataclass(frozen=True)
class LessonRow:
    title: str
    url: str
    is_required: bool
    is_read: bool = False


@dataclass(frozen=True)
class ModuleRow:
    """A module in a list; the addresses of lessons and quiz are empty for who may not open them."""

    pk: int
    number: int
    title: str
    url: str
    lessons: list[LessonRow]
    has_quiz: bool
    quiz_url: str = ""
    quiz: QuizLine | None = None

    @property
    def read_count(self) -> int:
        return sum(lesson.is_read for lesson in self.lessons)

    @property
    def is_done(self) -> bool:
        """Nothing that counts is left in it."""
        return self._lessons_done and (self.quiz is None or self.quiz.is_passed)

    @property
    def _lessons_done(self) -> bool:
        return all(lesson.is_read for lesson in self.lessons if lesson.is_required)


@dataclass(frozen=True)
class CourseOutline:
    """`step_url` leads to the next open step of a trainee; empty when there is none."""

    title: str
    url: str
    rows: list[ModuleRow]
    step_url: str = ""
    step_is_quiz: bool = False

    @property
    def required_count(self) -> int:
        return sum(lesson.is_required for row in self.rows for lesson in row.lessons)

    @property
    def read_count(self) -> int:
        """Of the lessons that count."""
        return sum(
            lesson.is_read and lesson.is_required for row in self.rows for lesson in row.lessons
        )


def outline_for(*, reader: Reader, course_path: str) -> CourseOutline:
    """Return the course with the reader's own marks, or plain;
    raise Http404 when it is not published.

    One query for who is not enrolled, five for a trainee.
    """
    if reader.enrolment:
        course = reader.enrolment.run.course
        if not course.live:
            raise Http404
        lines = outline(enrolment=reader.enrolment)
        step = next_step(lines=lines)
        return CourseOutline(
            title=course.title,
            url=page_address(course.url_path),
            rows=[row_of_line(line, number) for number, line in enumerate(lines, start=1)],
            step_url=step_address(step) if step else "",
            step_is_quiz=isinstance(step, QuizLine),
        )
    return plain_outline(course_path=course_path, linked=reader.may_read)


def plain_outline(*, course_path: str, linked: bool) -> CourseOutline:
    """Return the course without anybody's marks; raise Http404 when it is not published."""
    mapped = course_map(course_path=course_path)
    if mapped is None:
        raise Http404
    return CourseOutline(
        title=mapped.title,
        url=page_address(mapped.url_path),
        rows=[row_of_stop(stop, linked=linked) for stop in mapped.modules],
    )


def row_of_stop(stop: ModuleStop, *, linked: bool) -> ModuleRow:
    return ModuleRow(
        pk=stop.pk,
        number=stop.number,
        title=stop.title,
        url=page_address(stop.url_path),
        has_quiz=stop.quiz_id is not None,
        lessons=[
            LessonRow(
                title=lesson.title,
                url=page_address(lesson.url_path) if linked else "",
                is_required=lesson.is_required,
            )
            for lesson in stop.lessons
        ],
    )


def row_of_line(line: ModuleLine, number: int) -> ModuleRow:
    return ModuleRow(
        pk=line.module.pk,
        number=number,
        title=line.module.title,
        url=page_address(line.module.url_path),
        has_quiz=line.quiz is not None,
        quiz=line.quiz,
        quiz_url=reverse("courses:quiz_start", args=[line.quiz.quiz.pk]) if line.quiz else "",
        lessons=[_row_of_lesson(one) for one in line.lessons],
    )


def _row_of_lesson(one: LessonLine) -> LessonRow:
    return LessonRow(
        title=one.lesson.title,
        url=page_address(one.lesson.url_path),
        is_required=one.lesson.is_required,
        is_read=one.is_read,
    )
