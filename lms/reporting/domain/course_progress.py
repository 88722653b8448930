"""What a person has and lacks in a programme, course by course."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from courses.domain.progress import progress_of
from courses.enums import EnrolmentStatus
from courses.extensions import CriterionResult
from courses.models import CoursePage, Enrolment, Programme, ProgrammeRequirement
from lms.accounts.models import Posting, User
from lms.reporting.domain.current_place import people_at_current_unit
from lms.reporting.domain.person_lines import (
    STAND,
    PersonLine,
    enrolled_lines,
    lines_at_current_unit,
    posted_lines,
)
from lms.reporting.domain.queries import (
    Requirements,
    enrolled_people,
    posted_people,
    required_courses,
)
from lms.reporting.domain.states import annotate_states, course_state, state_order
from lms.reporting.enums import CountedAt, PersonState


@dataclass(frozen=True)
class CourseProgress:
    """One course that a person must complete.

    `enrolment` None: in no class of it, or (`is_elsewhere`) in one that the reader may not see.
    `results`: what the class asks, in its order; empty where it is completed or not seen.
    """

    course: CoursePage
    state: PersonState
    enrolment: Enrolment | None = None
    is_elsewhere: bool = False
    results: list[CriterionResult] = field(default_factory=list)

    @property
    def missing(self) -> list[CriterionResult]:
        return [result for result in self.results if not result.met]


def find_person(
    *,
    programme: Programme,
    user_id: int,
    on: date,
    reader: User,
    counted_at: CountedAt = CountedAt.ENROLMENT,
) -> PersonLine | None:
    """Find the line of one person whom the programme counts;
    None where the reader oversees none.
    """
    required = required_courses(programme=programme)
    # `user__id`: a number beyond all others is compared as `user`, and fails.
    enrolled, posted = _counted(programme, required, Q(user__id=user_id), on, reader)
    enrolled = annotate_states(enrolled, programme=programme, requirements=required, on=on)
    lines = enrolled_lines(enrolled)
    if counted_at == CountedAt.NOW:
        current = people_at_current_unit(enrolments=enrolled, on=on, reader=reader, cadres=None)
        stands = {pk: stand for pk, *stand in current.values_list("pk", *STAND)}
        lines = lines_at_current_unit(lines, stands)
    lines += posted_lines(posted)
    return lines[0] if lines else None


def still_counted(
    *, programme: Programme, users: Collection[int], on: date, reader: User
) -> set[int]:
    """Return those of these people of whom `find_person` tells; one query."""
    required = required_courses(programme=programme)
    counted = _counted(programme, required, Q(user__in=users), on, reader)
    enrolled, posted = (rows.order_by().values_list("user", flat=True) for rows in counted)
    return set(enrolled.union(posted))


def _counted(
    programme: Programme, required: Requirements, whom: Q, on: date, reader: User
) -> tuple[QuerySet[Enrolment], QuerySet[Posting]]:
    """Return those whom the programme counts, in a class and in none."""
    of_whom: dict[str, Any] = {"programme": programme, "cadres": required, "reader": reader}
    return enrolled_people(**of_whom).filter(whom), posted_people(on=on, **of_whom).filter(whom)


def course_progress(
    *, programme: Programme, lines: Iterable[PersonLine], on: date, reader: User
) -> dict[int, list[CourseProgress]]:
    """Return, by user id, each course that the person's cadre must complete.

    A handful of queries, whatever the number of people and classes.
    """
    lines = list(lines)
    with_courses = ProgrammeRequirement.objects.select_related("course")
    prefetch_related_objects([programme], Prefetch("requirements", with_courses))
    required = required_courses(programme=programme)
    courses = {one.course_id: one.course for one in programme.requirements.all()}
    users = [line.user.pk for line in lines]
    enrolments = _enrolments(programme, users, courses, on, reader)
    seen = {one.pk for one in enrolments.values() if one.is_seen}
    active = [
        one.pk
        for one in enrolments.values()
        if one.is_seen and one.status == EnrolmentStatus.ACTIVE
    ]
    progress = progress_of(enrolment_ids=active)
    return {
        line.user.pk: [
            _standing(courses[course], enrolments.get((line.user.pk, course)), seen, progress, on)
            for course in sorted(required.get(line.cadre_key, ()), key=lambda pk: courses[pk].path)
        ]
        for line in lines
    }


def _enrolments(
    programme: Programme,
    users: Collection[int],
    courses: Mapping[int, CoursePage],
    on: date,
    reader: User,
) -> dict[tuple[int, int], Any]:
    """Return the enrolment that tells the state by (user, course), the latest of its kind; `is_seen`:
    whether the reader may see it.
    """
    # Of each by itself: as a list of all, PostgreSQL keeps a plan that reads everybody's.
    visible = Enrolment.objects.visible_to(reader).order_by().filter(pk=OuterRef("pk"))
    found = (
        Enrolment.objects.in_held_classes()
        .filter(user__among=users, run__programme=programme, run__course__in=courses)
        .annotate(is_seen=Exists(visible))
    )
    deciding: dict[tuple[int, int], Any] = {}
    for enrolment in found.select_related("run__unit").order_by("enrolled_at", "pk"):
        key = (enrolment.user_id, enrolment.run.course_id)
        # One page of each course, not one of each enrolment.
        enrolment.run.course = courses[enrolment.run.course_id]
        known = deciding.get(key)
        if known is None or state_order(enrolment, on=on) <= state_order(known, on=on):
            deciding[key] = enrolment
    return deciding


def _standing(
    course: CoursePage,
    enrolment: Enrolment | None,
    seen: Collection[int],
    progress: dict[int, list[CriterionResult]],
    on: date,
) -> CourseProgress:
    state = course_state(enrolment, on=on)
    if enrolment is None:
        return CourseProgress(course=course, state=state)
    if enrolment.pk not in seen:
        return CourseProgress(course=course, state=state, is_elsewhere=True)
    results = progress.get(enrolment.pk, [])
    return CourseProgress(course=course, state=state, enrolment=enrolment, results=results)
