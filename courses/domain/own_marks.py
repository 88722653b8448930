"""What one person has done in a course: it comes with the enrolment, in the same query."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from courses.domain.gains import FirstTry
from courses.domain.pass_mark import DEFAULT_PASS_PERCENT, QUIZZES_KEY
from courses.models import (
    CompletionRequirement,
    ContentStamp,
    Enrolment,
    LessonCompletion,
    LessonOpening,
    QuizAttempt,
)
from lms.core.json_lists import list_of, moment_of


class QuizMarks(NamedTuple):
    """`best` is None before the first result."""

    best: int | None = None
    submitted: int = 0
    has_open_attempt: bool = False
    first: FirstTry | None = None


@dataclass(frozen=True)
class Marks:
    """Lessons read, when each was opened last, results by quiz, and what passes one."""

    read: Set[int] = frozenset()
    opened: Mapping[int, datetime] = field(default_factory=dict)
    quizzes: Mapping[int, QuizMarks] = field(default_factory=dict)
    pass_percent: int = DEFAULT_PASS_PERCENT
    #: Of the titles that go with them.
    stamp: UUID | None = None


def annotate_marks(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Add to each enrolment what `carried_marks` tells; no query a row."""
    mine = {"enrolment": OuterRef("pk")}
    read = LessonCompletion.objects.filter(**mine)
    opened = LessonOpening.objects.filter(**mine)
    attempts = QuizAttempt.objects.filter(**mine)
    return enrolments.annotate(
        marks_read=list_of(read, by="enrolment", columns=("lesson",)),
        marks_opened=list_of(opened, by="enrolment", columns=("lesson", "opened_at")),
        marks_attempts=list_of(attempts, by="enrolment", columns=("quiz", "percent", "pk")),
        marks_pass_percent=Subquery(_pass_mark()),
        marks_stamp=Subquery(ContentStamp.objects.values("value")[:1]),
    )


def marks_of(enrolment: Enrolment) -> Marks:
    """Return what this person has done in the class by now; one query."""
    return carried_marks(annotate_marks(Enrolment.objects.only("pk")).get(pk=enrolment.pk))


def carried_marks(enrolment: Any) -> Marks:
    """Return what this person had done when the enrolment was read with `annotate_marks`."""
    return Marks(
        read={lesson for (lesson,) in enrolment.marks_read or ()},
        opened={lesson: moment_of(text) for lesson, text in enrolment.marks_opened or ()},
        quizzes=_by_quiz(enrolment.marks_attempts or ()),
        pass_percent=enrolment.marks_pass_percent or DEFAULT_PASS_PERCENT,
        stamp=enrolment.marks_stamp,
    )


def _by_quiz(attempts: Iterable[tuple[int, int | None, int]]) -> dict[int, QuizMarks]:
    """Return the marks by quiz; an attempt without a percent is not handed in."""
    marks: dict[int, QuizMarks] = {}
    for quiz, percent, pk in attempts:
        best, submitted, has_open, known = marks.get(quiz, QuizMarks())
        one = FirstTry(pk, percent)
        first = min(known or one, one, key=lambda one: one.pk)
        if percent is None:
            marks[quiz] = QuizMarks(best, submitted, True, first)
        else:
            marks[quiz] = QuizMarks(max(best or 0, percent), submitted + 1, has_open, first)
    return marks


def _pass_mark() -> QuerySet[Any]:
    in_force = CompletionRequirement.objects.filter(run=OuterRef("run")).order_by("-version")
    asked = CompletionRequirement.objects.filter(
        run=OuterRef("run"), criterion=QUIZZES_KEY, version=Subquery(in_force.values("version")[:1])
    )
    return asked.values(mark=Cast(KeyTextTransform("pass_percent", "params"), IntegerField()))[:1]
