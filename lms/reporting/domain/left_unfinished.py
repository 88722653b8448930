"""Whom a report counts as left behind by a class that is over, for all programmes at once."""

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from courses.models import Enrolment, Programme, ProgrammeRequirement
from lms.accounts.models import User
from lms.reporting.domain.queries import enrolled_people, required_courses
from lms.reporting.domain.states import annotate_states, classes_over
from lms.reporting.enums import PersonState


def left_unfinished(*, reader: User, on: date) -> QuerySet[Enrolment]:
    """Return whom the report of each programme counts as NOT_COMPLETED in units that the reader
    oversees: one enrolment a person and programme, the one that counts there. Three queries.
    """
    left = Q(pk__in=[])
    for programme in _programmes():
        required = required_courses(programme=programme)
        people = enrolled_people(programme=programme, cadres=required, reader=reader)
        marked = annotate_states(people, programme=programme, requirements=required, on=on)
        left |= Q(pk__in=marked.filter(state=PersonState.NOT_COMPLETED).order_by().values("pk"))
    return (
        Enrolment.objects.filter(left)
        .select_related("user", "unit", "run__programme")
        .order_by("-run__ends_on", "run__code", "user__sort_key", "user__staff_code", "pk")
    )


def classes_left(
    *, users: Collection[int], on: date, reader: User
) -> dict[tuple[int, int], list[Enrolment]]:
    """Return, by (user, programme), the classes that are over and of which the person has not
    completed the course, the last one first; three queries. Those of other areas are not told.
    """
    over = Q(pk__in=[])
    for programme in _programmes():
        over |= Q(pk__in=classes_over(programme=programme, on=on).order_by().values("pk"))
    found: dict[tuple[int, int], list[Enrolment]] = {}
    enrolments = Enrolment.objects.visible_to(reader).filter(over, user__in=users)
    enrolments = enrolments.select_related("run")
    for one in enrolments.order_by("-run__ends_on", "pk"):
        found.setdefault((one.user_id, one.run.programme_id), []).append(one)
    return found


def _programmes() -> QuerySet[Programme]:
    asked = Prefetch("requirements", ProgrammeRequirement.objects.order_by())
    return Programme.objects.order_by("pk").prefetch_related(asked)
