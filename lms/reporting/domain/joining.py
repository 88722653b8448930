"""Which of the people behind a figure may join a class, and which classes take them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from courses.domain.counts import annotate_trainees
from courses.domain.enrolling import candidates
from courses.enums import UNFINISHED_STATUSES, EnrolmentStatus
from courses.models import CourseRun, Enrolment, Programme
from courses.permissions import RUN_MANAGERS, host_units
from lms.accounts.models import User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.domain.people import People
from lms.reporting.domain.queries import Requirements, top_of
from lms.reporting.enums import LATE_STATES, PersonState


def may_enrol(reader: User) -> bool:
    """Return whether the person plans classes somewhere and keeps their lists."""
    return reader.scope.has_role(*RUN_MANAGERS)


def only_host(*, reader: User, edition: BoundaryEdition) -> AdministrativeUnit | None:
    """Return the one unit of the map below which the person plans classes; None for a whole province,
    and for several units.
    """
    hosts = host_units(reader).filter(edition=edition).exclude(level=Level.PROVINCE)
    return top_of(units=hosts)


def runs_to_join(
    *, programme: Programme, requirements: Requirements, reader: User
) -> QuerySet[Any]:
    """Return the classes of the programme that are not over, teach a course which is asked, and whose
    list the reader keeps, the next to begin first; with `trainee_count`.
    """
    asked = {course for courses in requirements.values() for course in courses}
    runs = CourseRun.objects.manageable_by(reader).filter(
        programme=programme, course__in=asked, status__in=UNFINISHED_STATUSES
    )
    return annotate_trainees(runs.select_related("unit", "course")).order_by("starts_on", "code")


def whom_to_enrol(
    *,
    run: CourseRun,
    people: People,
    states: Collection[PersonState],
    requirements: Requirements,
    reader: User,
    day: date,
) -> QuerySet[User]:
    """Return those of a list who are late, must complete the course of the class and have not, and
    whom the reader may enrol: with a post on this day where the reader plans classes.
    """
    cadres = [cadre for cadre, courses in requirements.items() if run.course_id in courses]
    listed = people.users(states=[one for one in states if one in LATE_STATES], cadres=cadres)
    have_completed = Enrolment.objects.in_held_classes().filter(
        run__programme=run.programme_id,
        run__course=run.course_id,
        status=EnrolmentStatus.COMPLETED,
    )
    found = candidates(run=run, reader=reader, day=day).filter(pk__in=listed.values("pk"))
    return found.exclude(pk__in=have_completed.order_by().values("user"))
