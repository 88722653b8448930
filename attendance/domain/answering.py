"""Who answers for a class in the office, and is therefore told what waits there."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from attendance.domain.excuses.rules import WaitingExcuse, in_order_of_urgency, with_rules
from attendance.domain.roll.late_marks import is_signed
from attendance.models import Excuse, RunSignOff
from courses.models import CourseRun
from lms.accounts.enums import MANAGING_ROLES, Role
from lms.accounts.models import RoleAssignment


@dataclass(frozen=True)
class Office:
    """The managing roles of all units, read once: who holds which over which paths."""

    roles: dict[tuple[int, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def nearest(
        self,
        *paths: str,
        without: Collection[int] = (),
        roles: Collection[str] = MANAGING_ROLES,
    ) -> set[int]:
        """Return who looks after all these units: the coordinators nearest to them, where there
        is none the administrators, but for those who may not act in this matter and those of other
        `roles`.
        """
        ranks: dict[tuple[bool, int], set[int]] = defaultdict(set)
        for (user_id, role, own), covered in self.roles.items():
            may_act = role in roles and user_id not in without
            if may_act and all(any(path.startswith(one) for one in covered) for path in paths):
                ranks[role == Role.COORDINATOR, len(own)].add(user_id)
        return ranks[max(ranks)] if ranks else set()


def read_office() -> Office:
    """Return the office as it is now, over units on other maps too; one query."""
    office = Office()
    rows = RoleAssignment.objects.filter(role__in=MANAGING_ROLES, user__is_active=True)
    for user_id, role, own, other in rows.order_by().values_list(
        "user_id", "role", "unit__path", "unit__covers__covered__path"
    ):
        office.roles[user_id, role, own] |= {own, other or own}
    return office


def excuses_by_decider() -> dict[tuple[int, date], list[Excuse]]:
    """Return requests that nobody has decided, by who is to decide and until when.

    Says for reminders what `excuses.rules.may_decide` allows; of all who may, the nearest.
    """
    rows = Excuse.objects.waiting().select_related(
        "session__run__unit", "session__sign_off", "enrolment__unit"
    )
    waiting = in_order_of_urgency(with_rules(rows))
    trainers, office = trainers_of({one.excuse.session.run_id for one in waiting}), read_office()
    found: dict[tuple[int, date], list[Excuse]] = defaultdict(list)
    for one in waiting:
        for user_id in _deciders(one, office, trainers):
            found[user_id, one.until].append(one.excuse)
    return found


def confirmers_of(signed: Collection[RunSignOff]) -> dict[int, set[int]]:
    """Return who is to confirm each of these signed classes, by the id of the class; needs
    `run__unit`.
    """
    trainers, office = trainers_of({one.run_id for one in signed}), read_office()
    return {
        one.run_id: office.nearest(
            one.run.unit.path, without={one.signed_by_id, *trainers[one.run_id]}
        )
        for one in signed
    }


def _deciders(one: WaitingExcuse, office: Office, trainers: dict[int, set[int]]) -> set[int]:
    session, person = one.excuse.session, one.excuse.enrolment
    paths = (session.run.unit.path, person.unit.path)
    deciding = office.nearest(*paths, without={person.user_id})
    if one.rules.trainers_decide_excuses and not is_signed(session):
        deciding |= trainers[session.run_id] - {person.user_id}
    return deciding


def trainers_of(run_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who teaches each of these classes and is still active, by its id; one query."""
    rows = CourseRun.objects.filter(pk__in=run_ids, trainers__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for run_id, user_id in rows.order_by().values_list("pk", "trainers"):
        found[run_id].add(user_id)
    return found
