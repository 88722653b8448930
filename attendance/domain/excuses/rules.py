"""Who decides about a request to be excused, until when, and what it means for the hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.domain.hours.rules import AttendanceRules, params_in_force, read_rules
from attendance.domain.register.sign_off import may_confirm
from attendance.domain.roll.late_marks import is_signed
from attendance.domain.wording import describe_minutes
from attendance.enums import ExcuseState
from attendance.models import Excuse, Session
from courses.models import CourseRun, Enrolment
from lms.accounts.enums import MANAGING_ROLES, Role
from lms.accounts.models import User


@dataclass(frozen=True)
class WaitingExcuse:
    """A request with the day until which it is to be decided."""

    excuse: Excuse
    rules: AttendanceRules
    until: date

    def is_overdue(self, *, today: date) -> bool:
        return self.until < today


def may_decide(*, session: Session, person: User, by: User, rules: AttendanceRules) -> bool:
    """Return whether `by` decides about a request of `person`; the one place of the rule.

    The coordinator of the unit that holds the class; where the class says so its trainers too, as
    long as the register is unsigned. Nobody decides about an own request.
    """
    if by.pk == person.pk:
        return False
    if may_confirm(run=session.run, by=by):
        return True
    teaches = by.scope.has_role(Role.TRAINER) and session.run.trainers.filter(pk=by.pk).exists()
    return teaches and rules.trainers_decide_excuses and not is_signed(session)


def excuses_to_decide(*, by: User) -> list[WaitingExcuse]:
    """Return requests that this person may decide and nobody has, the most urgent first.

    Of people whom he or she may see: those of other areas in the class, the province decides.
    Says of many what `may_decide` says of one; one query.
    """
    people = Enrolment.objects.visible_to(by).exclude(user=by)
    waiting = with_rules(Excuse.objects.waiting().filter(enrolment__in=people))
    decides = by.scope.units_q("session__run__unit", MANAGING_ROLES)
    # An empty Q means everything, until something is joined to it by "or".
    if by.scope.has_role(Role.TRAINER) and not by.scope.everywhere:
        decides |= Q(
            session__run__in=CourseRun.objects.filter(trainers=by),
            session__sign_off=None,
            rules__trainers_decide_excuses=True,
        )
    rows = waiting.filter(decides).select_related("session__run", "enrolment__user")
    return in_order_of_urgency(rows.select_related("enrolment__unit", "noted_by"))


def with_rules(excuses: QuerySet[Excuse]) -> QuerySet[Any]:
    """Add `rules`, the parameters in force in the class of each."""
    return excuses.annotate(rules=params_in_force("session__run"))


def in_order_of_urgency(excuses: QuerySet[Any]) -> list[WaitingExcuse]:
    """Return these requests, annotated `with_rules`, the one that is due first in front."""
    found = []
    for excuse in excuses:
        rules = read_rules(excuse.rules)
        until = decide_until(
            ends_at=excuse.session.ends_at, asked_at=excuse.asked_at, days=rules.excuse_days
        )
        found.append(WaitingExcuse(excuse=excuse, rules=rules, until=until))
    return sorted(found, key=lambda one: (one.until, one.excuse.asked_at, one.excuse.pk))


def decide_until(*, ends_at: datetime, asked_at: datetime, days: int) -> date:
    """Return the last day for the decision, local: so many days after the session or, where it
    was asked later, after the request.
    """
    return timezone.localdate(max(ends_at, asked_at)) + timedelta(days=days)


def describe_effect(rules: AttendanceRules) -> str:
    """Say what it means in this class to be excused, before it is asked or decided."""
    if rules.excuse_waives_hours:
        return _("Whoever is excused does not need the hours of the session.")
    return _("Whoever is excused still has to make up for the hours of the session.")


def describe_decision(excuse: Excuse, *, rules: AttendanceRules) -> str:
    """Say what the decision means for this person, with the hours; needs `session`."""
    hours = {"hours": describe_minutes(excuse.session.minutes)}
    if excuse.state == ExcuseState.REFUSED:
        return _("Not excused: whoever misses this session lacks its %(hours)s.") % hours
    if rules.excuse_waives_hours:
        return _("Excused: the %(hours)s of this session are waived.") % hours
    return _("Excused: the %(hours)s of this session are still to be made up for.") % hours
