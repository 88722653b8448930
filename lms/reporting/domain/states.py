"""The one rule for how far a person has come in a programme."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Subquery, Value, When

from courses.domain.enrolment_state import enrolment_state, in_state
from courses.enums import EnrolmentState, EnrolmentStatus
from courses.models import Enrolment, Programme
from lms.reporting.domain.narrowing import EVERYBODY, Narrowing
from lms.reporting.domain.queries import Requirements, completed_q
from lms.reporting.enums import PersonState

# Of somebody in several classes the first of these tells the state: what goes on comes before what
# is to come, and that before what is over.
DECIDING = (EnrolmentState.LEARNING, EnrolmentState.TO_COME, EnrolmentState.NOT_COMPLETED)


def annotate_states(
    enrolments: QuerySet[Enrolment],
    *,
    programme: Programme,
    requirements: Requirements,
    on: date,
    narrowing: Narrowing = EVERYBODY,
    among: QuerySet[Any] | None = None,
) -> QuerySet[Any]:
    """Return `enrolled_people` with `state` (a PersonState).

    Completed: all that the cadre must. Else what is told by the classes of the courses that the
    person has not completed; whoever has none of these is in no class, though another course is
    done. Classes that were cancelled count as if they had never been.

    `among`: ids of people to whom all these enrolments belong, where they are few: no more classes
    are looked at than theirs.
    """
    unfinished = _unfinished(programme, narrowing, among)
    # Each set is found once, not for each enrolment.
    in_class = [
        When(user__in=_users(unfinished, state, on), then=Value(PersonState(state).value))
        for state in DECIDING
    ]
    done = When(
        completed_q(programme=programme, requirements=requirements),
        then=Value(PersonState.COMPLETED.value),
    )
    state = Case(
        done, *in_class, default=Value(PersonState.NO_CLASS.value), output_field=CharField()
    )
    return enrolments.annotate(state=state)


def with_first_days(
    enrolments: QuerySet[Any],
    *,
    programme: Programme,
    on: date,
    narrowing: Narrowing = EVERYBODY,
    among: QuerySet[Any] | None = None,
) -> QuerySet[Any]:
    """Return `enrolled_people` with `begins`: the first day of the first class to come to the person.

    Whoever learns may have such a class as well: the caller tells the day where the state is TO_COME
    alone. To ask for the state here would have the database judge everybody once more.
    """
    unfinished = _unfinished(programme, narrowing, among)
    waiting = _users(unfinished, EnrolmentState.TO_COME, on)
    ahead = unfinished.filter(in_state(EnrolmentState.TO_COME, today=on), user=OuterRef("user"))
    first = ahead.order_by("run__starts_on").values("run__starts_on")[:1]
    return enrolments.annotate(begins=Case(When(user__in=waiting, then=Subquery(first))))


def classes_over(*, programme: Programme, on: date) -> QuerySet[Enrolment]:
    """Return the enrolments in classes that are over of whoever has completed the course in no class."""
    over = in_state(EnrolmentState.NOT_COMPLETED, today=on)
    return _unfinished(programme, EVERYBODY, None).filter(over)


def course_state(enrolment: Enrolment | None, *, on: date) -> PersonState:
    """Return the state in one course, by the enrolment that counts; None for no class."""
    if enrolment is None:
        return PersonState.NO_CLASS
    return PersonState(enrolment_state(enrolment, today=on))


def state_order(enrolment: Enrolment, *, on: date) -> int:
    """Return the place of an enrolment among those of one course that tell the state, a
    completion first.
    """
    state = enrolment_state(enrolment, today=on)
    return DECIDING.index(state) + 1 if state in DECIDING else 0


def _users(enrolments: QuerySet[Enrolment], state: EnrolmentState, on: date) -> QuerySet[Any]:
    return enrolments.filter(in_state(state, today=on)).order_by().values("user")


def _unfinished(
    programme: Programme, narrowing: Narrowing, among: QuerySet[Any] | None
) -> QuerySet[Enrolment]:
    """Return enrolments in courses that the person has completed in no class of the programme."""
    done = Enrolment.objects.filter(
        status=EnrolmentStatus.COMPLETED,
        user=OuterRef("user"),
        run__programme=programme,
        run__course=OuterRef("run__course"),
    )
    unfinished = Enrolment.objects.filter(~Exists(done), run__programme=programme)
    if narrowing.course_id:
        unfinished = unfinished.filter(run__course=narrowing.course_id)
    return unfinished if among is None else unfinished.filter(user__in=among)
