"""To whom of those whom a kind names a rule speaks: people of an area, of some cadres, of classes."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from lms.accounts.models import Posting, RoleAssignment, User
from lms.geography.domain.areas import area_q
from lms.notifications.extensions import PlannedReminder, audience_parts
from lms.notifications.models import ReminderRule

_READ: Final = ("email", "phone", "is_active")


def classes_meant(*, rule: ReminderRule) -> frozenset[int] | None:
    """Return the numbers of the classes that the rule is narrowed to; None: it is not.

    What a part of an app that was taken out had chosen meets no class: the rule stands still.
    """
    meant: frozenset[int] | None = None
    for key, ids in rule.about.items():
        part = audience_parts.get(key)
        found = frozenset(part.classes(ids=ids)) if part else frozenset[int]()
        if ids:
            meant = found if meant is None else meant & found
    return meant


def is_about(item: PlannedReminder, *, classes: frozenset[int] | None) -> bool:
    """Return whether the thing belongs to one of these classes."""
    return classes is None or item.subject.run_id in classes


def people_meant(
    *, rule: ReminderRule, user_ids: Collection[int], today: date
) -> QuerySet[User, User]:
    """Return those of these people to whom the rule speaks, with what is needed to reach them.

    Never parents and core children: nothing is kept that would reach them. An area means those who
    are posted in it today or hold a role on a unit in it; cadres mean posts of today.
    """
    people = User.objects.filter(pk__in=user_ids, is_minimal=False).only(*_READ)
    posted = Posting.objects.on(today).filter(user=OuterRef("pk"))
    if rule.cadres:
        posted = posted.filter(cadre__in=rule.cadres)
    if rule.unit is None:
        return people.filter(Exists(posted)) if rule.cadres else people
    within = area_q(unit=rule.unit, unit_field="unit")
    belongs = Exists(posted.filter(within))
    if rule.cadres:
        return people.filter(belongs)
    in_charge = RoleAssignment.objects.filter(within, user=OuterRef("pk"))
    return people.filter(belongs | Exists(in_charge))
