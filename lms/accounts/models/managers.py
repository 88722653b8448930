"""Questions one asks about people."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from lms.accounts.enums import MANAGING_ROLES, Role
from lms.core.text import fold

if TYPE_CHECKING:
    from lms.accounts.models import (  # noqa: F401 (named in strings)
        Posting,
        RoleAssignment,
        User,
    )


SUPERUSER_MADE = "accounts.superuser_made"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Return oneself, and those with a posting, now or before,
        or a role in a unit one oversees.

        Whoever has neither belongs to no district yet and is seen by administrators of a whole
        province. A class's trainers see its trainees through `Enrolment.visible_to`.
        """
        if user.scope.everywhere:
            return self
        # Subqueries, not joins: a person with two postings is still one row.
        seen = Q(pk=user.pk)
        for name in ("postings", "role_assignments"):
            rows: Any = self.model._meta.get_field(name).related_model
            seen |= Q(pk__in=rows.objects.filter(user.scope.units_q("unit")).values("user"))
        if user.scope.administers_province:
            unplaced = self.model.objects.filter(postings=None, role_assignments=None)
            seen |= Q(pk__in=unplaced.values("pk"))
        return self.filter(seen)

    def search(self, text: str) -> "UserQuerySet":
        """Return those whose name, staff code or phone holds every typed word, marks or none."""
        return self.filter(search_text__holds=fold(text))

    def manageable_by(self, user: "User") -> "UserQuerySet":
        """Return those whose record one may change: never that of a superuser or
        of somebody above.

        An administrator may change the people of the own area whose roles all lie there; a
        coordinator only people without any role, else a new password would be a way to a
        colleague's rights. Whoever only watches changes nobody.
        """
        if user.is_superuser:
            return self
        ordinary = self.filter(is_superuser=False)
        kept = self._belonging_to(user, MANAGING_ROLES).filter(role_assignments=None)
        administered = self._belonging_to(user, (Role.ADMINISTRATOR,))
        roles: Any = self.model._meta.get_field("role_assignments").related_model
        above = roles.objects.exclude(user.scope.units_q("unit", (Role.ADMINISTRATOR,)))
        return ordinary.filter(
            Q(pk__in=kept.values("pk"))
            | Q(pk__in=administered.exclude(pk__in=above.values("user")).values("pk"))
        )

    def _belonging_to(self, user: "User", roles: tuple[Role, ...]) -> "UserQuerySet":
        """Return those posted, or with a role, where the person holds one of `roles`.

        Of somebody who moved, the new place decides; of those who left every post, the old one.
        """
        postings: Any = self.model._meta.get_field("postings").related_model
        held = postings.objects.exclude(valid_to__lt=timezone.localdate())
        here = user.scope.units_q("unit", roles)
        gone = self.model.objects.filter(~Exists(held.filter(user=OuterRef("pk"))))
        left = gone.filter(pk__in=postings.objects.filter(here).values("user"))
        officials = self.model.objects.filter(user.scope.units_q("role_assignments__unit", roles))
        belonging = (
            Q(pk__in=held.filter(here).values("user"))
            | Q(pk__in=left.values("pk"))
            | Q(pk__in=officials.values("pk"))
        )
        if user.scope.administers_province:
            unplaced = self.model.objects.filter(postings=None, role_assignments=None)
            belonging |= Q(pk__in=unplaced.values("pk"))
        return self.filter(belonging)

    def with_role(self, *roles: str) -> "UserQuerySet":
        """Return those who may log in and hold one of these roles on any unit,
        superusers included.
        """
        holders = self.model.objects.filter(role_assignments__role__in=roles).values("pk")
        return self.filter(Q(is_superuser=True) | Q(pk__in=holders), is_active=True)

    def in_name_order(self) -> "UserQuerySet":
        return self.order_by("sort_key", "staff_code")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(
        self, staff_code: str, full_name: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create a person who may log in; without a password none works until one is set."""
        user = self.model(staff_code=staff_code, full_name=full_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, staff_code: str, full_name: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create a person with every right, which the log of the person tells from the first day."""
        user = self.create_user(
            staff_code, full_name, password, is_superuser=True, is_staff=True, **fields
        )
        log(instance=user, action=SUPERUSER_MADE)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(staff_code__iexact=username)


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: date) -> "PostingQuerySet":
        """Return those held on this day; the last day of a posting still counts."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def overseen_by(self, user: "User") -> "PostingQuerySet":
        """Return those in units that the person watches over; the own ones only if they are there."""
        return self.filter(user.scope.units_q("unit"))

    def visible_to(self, user: "User") -> "PostingQuerySet":
        """Return the own ones and those in units one oversees."""
        own: PostingQuerySet = self.filter(user=user)
        return own | self.overseen_by(user)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def visible_to(self, user: "User") -> "RoleAssignmentQuerySet":
        return self.filter(Q(user=user) | user.scope.units_q("unit"))

    def manageable_by(self, user: "User") -> "RoleAssignmentQuerySet":
        """Return those on units that the person administers."""
        return self.filter(user.scope.units_q("unit", (Role.ADMINISTRATOR,)))
