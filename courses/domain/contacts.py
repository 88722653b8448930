"""Whom the people of a class may call: a trainer of it, and the coordinator of its unit; whoever is
in no class, the coordinator of the place of work.

They run the classes for the office: their number is how it is reached, and shown to their people
(docs/decisions/0026-numbers-of-those-who-run-a-class.md). Nobody else's number is.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Length

from courses.enums import UNFINISHED_STATUSES
from courses.models import Enrolment
from lms.accounts.enums import Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.notifications.extensions import Contact
from lms.notifications.models import Reminder


def annotate_contacts(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """Add what `contacts_of` reads; no query of its own."""
    return enrolments.annotate(
        trainer_contact=Subquery(_trainers()[:1]),
        coordinator_contact=Subquery(_coordinators(OuterRef("run__unit__path"))[:1]),
    )


def latest_with_contacts(*, user: User) -> Any:
    """Return the latest enrolment of the person in a class that goes on, annotated; None without."""
    going_on = Enrolment.objects.counted().filter(user=user, run__status__in=UNFINISHED_STATUSES)
    return annotate_contacts(going_on).order_by("-enrolled_at", "-pk").first()


def contacts_of(enrolment: Any) -> list[Contact]:
    """Return the trainer and the coordinator of an enrolment that `annotate_contacts` annotated."""
    cards = (
        (Role.TRAINER, enrolment.trainer_contact),
        (Role.COORDINATOR, enrolment.coordinator_contact),
    )
    return [_contact(role, card) for role, card in cards if card]


def _contact(role: Role, card: Mapping[str, Any]) -> Contact:
    return Contact(role=str(role.label), name=card["name"], phone=card["phone"] or "")


def contacts_of_post(*, user: User, on: date) -> list[Contact]:
    """Return the coordinator nearest to where the person works: for whoever is in no class, and has
    to ask somebody for one. One query.
    """
    cards = (
        Posting.objects.on(on)
        .filter(user=user)
        .order_by("pk")
        .values_list(Subquery(_coordinators(OuterRef("unit__path"))[:1]), flat=True)
    )
    return [_contact(Role.COORDINATOR, card) for card in cards if card][:1]


class ClassContacts:
    """Whom to call about a reminder of a class; for who counts in it, as on the own pages."""

    key = "class"

    def contacts(self, *, reminders: Sequence[Reminder]) -> Mapping[int, Sequence[Contact]]:
        """Return the trainer and the coordinator. One query."""
        rows = Enrolment.objects.counted().filter(
            run__in={one.run_number for one in reminders},
            user__in={one.user_id for one in reminders},
        )
        found = {(row.run_id, row.user_id): contacts_of(row) for row in annotate_contacts(rows)}
        return {
            one.pk: found[one.run_number, one.user_id]
            for one in reminders
            if found.get((one.run_number, one.user_id))
        }


def _trainers() -> QuerySet[Any]:
    """Return a card of each trainer of the class outside, those with a number first."""
    teaching = User.objects.with_role(Role.TRAINER).filter(taught_runs=OuterRef("run"))
    in_order = teaching.order_by(F("phone").asc(nulls_last=True), "sort_key", "pk")
    return in_order.values(card=JSONObject(name="full_name", phone="phone"))


def _coordinators(path: OuterRef) -> QuerySet[Any]:
    """Return a card of each coordinator of the unit with this path outside, the nearest first."""
    held_by = ExpressionWrapper(path, output_field=CharField())
    covering = RoleAssignment.objects.annotate(held_by=held_by).filter(
        # On another map, too: the unit of the class may have gone over into theirs.
        Q(held_by__startswith=F("unit__path"))
        | Q(held_by__startswith=F("unit__covers__covered__path")),
        role=Role.COORDINATOR,
        user__is_active=True,
    )
    in_order = covering.order_by(
        -Length("unit__path"), F("user__phone").asc(nulls_last=True), "user__sort_key", "pk"
    )
    return in_order.values(card=JSONObject(name="user__full_name", phone="user__phone"))
