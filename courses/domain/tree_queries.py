"""The tree of a course: its outline together with what one person has done.

Titles and addresses are always those of the pages as they are now; which pages there are, what
counts and how often one may try is the edition's, once the class has one.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet

from courses.domain.course_tree import CourseTree, LessonNode, ModuleNode, QuizNode
from courses.domain.outlines import OutlineRow, edition_outline, published_outline
from courses.domain.own_marks import Marks, QuizMarks, marks_of
from courses.enums import QuizPurpose
from courses.models import EditionLesson, Enrolment, LessonCompletion
from lms.core.counting import count_of


def tree_of(*, enrolment: Enrolment, marks: Marks | None = None) -> CourseTree:
    """Return the course as the class asks it, with what this person has done.

    `marks` as they came with the enrolment, where nothing was done since; else they are read: one
    query. The outline is none while the process keeps the edition, when `enrolment.run` is loaded.
    Before the class opens that is the course as it stands; empty while it is not published.
    """
    run, marks = enrolment.run, marks or marks_of(enrolment)
    if run.edition_id is not None:
        return _build(edition_outline(edition_id=run.edition_id, stamp=marks.stamp), marks)
    course = run.course
    rows = published_outline(course_path=course.path)
    return (
        _build(rows, marks)
        if rows
        else CourseTree(course.title, course.url_path, title_en=course.title_en)
    )


def live_tree(*, course_path: str) -> CourseTree | None:
    """Return the course at this tree path as it is published now; one query. None when it is not."""
    rows = published_outline(course_path=course_path)
    return _build(rows, Marks()) if rows else None


def annotate_reading(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Add `lessons_read` and `lessons_total`, both of the lessons that count in the class."""
    counting = EditionLesson.objects.filter(edition=OuterRef("run__edition"), is_required=True)
    read = LessonCompletion.objects.filter(
        enrolment=OuterRef("pk"),
        lesson__in_editions__edition=OuterRef("run__edition"),
        lesson__in_editions__is_required=True,
    )
    return enrolments.annotate(lessons_read=count_of(read), lessons_total=count_of(counting))


def _build(rows: Sequence[OutlineRow], marks: Marks) -> CourseTree:
    """Build the tree of at least one row: a course without modules has one."""
    first = rows[0]
    tree = CourseTree(first.course_title, first.course_url, title_en=first.course_title_en)
    after = next((row.quiz for row in rows if row.purpose == QuizPurpose.POST_TEST), None)
    modules: dict[int, ModuleNode] = {}
    for row in rows:
        if row.module is None:
            continue
        if row.module not in modules:
            modules[row.module] = _module(
                row, marks, number=len(modules) + 1, is_after=after in marks.quizzes
            )
            tree.modules.append(modules[row.module])
        if row.lesson is not None:
            lesson = LessonNode(
                row.lesson,
                row.lesson_title,
                row.lesson_url,
                row.is_required,
                row.minutes,
                row.lesson in marks.read,
                marks.opened.get(row.lesson),
                row.lesson_title_en,
            )
            modules[row.module].lessons.append(lesson)
    return tree


def _module(row: OutlineRow, marks: Marks, *, number: int, is_after: bool) -> ModuleNode:
    """`is_after`: whether the person has begun the post-test."""
    quiz = _quiz(row, row.quiz, marks, is_after=is_after) if row.quiz else None
    return ModuleNode(
        row.module or 0,
        number,
        row.module_title,
        row.module_url,
        quiz=quiz,
        title_en=row.module_title_en,
    )


def _quiz(row: OutlineRow, pk: int, marks: Marks, *, is_after: bool) -> QuizNode:
    mine = marks.quizzes.get(pk, QuizMarks())
    return QuizNode(
        pk=pk,
        title=row.quiz_title,
        title_en=row.quiz_title_en,
        question_count=row.question_count,
        max_attempts=row.max_attempts,
        pass_percent=marks.pass_percent,
        best_percent=mine.best,
        submitted_count=mine.submitted,
        has_open_attempt=mine.has_open_attempt,
        purpose=row.purpose,
        first=mine.first,
        is_over=is_after and row.purpose == QuizPurpose.PRE_TEST,
    )
