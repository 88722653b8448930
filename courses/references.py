"""What points at a person in courses, and what becomes of it when two records are made one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from courses.enums import EnrolmentStatus
from courses.models import CourseRun, Enrolment, LessonCompletion, QuizAttempt
from lms.accounts.extensions import PeopleReference, PersonalRecords, Settlement

_WITHDRAWN = {
    "status": EnrolmentStatus.WITHDRAWN.value,
    "completed_at": None,
    "completed_version": None,
}
# Of two places in one class the one further on counts.
_RANKS = {EnrolmentStatus.WITHDRAWN: 0, EnrolmentStatus.ACTIVE: 1, EnrolmentStatus.COMPLETED: 2}


def people_in_courses() -> Iterator[PeopleReference]:
    yield PeopleReference(
        model=Enrolment,
        field="user",
        follows=True,
        clash_key=lambda enrolment: enrolment.run_id,
        settle=settle_enrolments,
    )
    yield PeopleReference(
        model=CourseRun.trainers.through,
        field="user",
        follows=True,
        clash_key=lambda row: row.courserun_id,
        settle=_taught_by_both,
    )


def settle_enrolments(theirs: Enrolment, mine: Enrolment, _today: date) -> Settlement:
    """Both are in one class: the place further on goes to the person, the other is withdrawn.

    Completed counts before in progress, in progress before withdrawn; of two alike that of
    the kept record. The withdrawn place stays with the closed record, with its attendance, its
    quizzes and its certificate, which nobody may rewrite.
    """
    swap = _RANKS[EnrolmentStatus(theirs.status)] > _RANKS[EnrolmentStatus(mine.status)]
    note = _(
        "Both were in the class “%(run)s”: the enrolment with more progress counts, the other is "
        "withdrawn."
    )
    sentence = note % {"run": theirs.run}
    if swap:
        return Settlement(swap=True, mine=_WITHDRAWN, note=sentence)
    return Settlement(theirs=_WITHDRAWN, note=sentence)


def _taught_by_both(_theirs: Any, _mine: Any, _today: date) -> Settlement:
    return Settlement(drop=True)


def records_in_courses() -> Iterator[PersonalRecords]:
    yield PersonalRecords(
        Enrolment, "user", ("run.title", "unit", "cadre", "status", "enrolled_at", "completed_at")
    )
    path = "enrolment__user"
    yield PersonalRecords(LessonCompletion, path, ("lesson.title", "completed_at"))
    yield PersonalRecords(
        QuizAttempt, path, ("quiz", "number", "started_at", "submitted_at", "score", "max_score")
    )
