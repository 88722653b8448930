"""People, the posts they hold over time, and what they may see."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MINIMAL_CADRES, Cadre, Role, Sex
from lms.accounts.models.managers import PostingQuerySet, RoleAssignmentQuerySet, UserManager
from lms.accounts.models.scope import UnitScope
from lms.core.compiled_queries import CompiledQuery
from lms.core.constraints import PairedForeignKey
from lms.core.fields import DerivedTextField
from lms.core.text import fold, given_name, sort_key
from lms.core.word_search import SearchTextField
from lms.geography.models import AdministrativeUnit


class User(AbstractBaseUser, PermissionsMixin):
    """A person on the register. Most have no e-mail; many share a full name.

    `staff_code` is the one identifier that everybody has; stored in capitals.
    """

    staff_code = models.CharField(_("staff code"), max_length=32, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    given_name = DerivedTextField(
        _("given name"), max_length=50, sources=("full_name",), derive=given_name
    )
    sort_key = DerivedTextField(max_length=700, sources=("full_name",), derive=sort_key)
    search_text = SearchTextField(
        max_length=300, sources=("full_name", "staff_code", "phone"), derive=fold
    )
    folded_name = DerivedTextField(max_length=150, sources=("full_name",), derive=fold)
    phone = models.CharField(
        _("phone"), max_length=16, null=True, blank=True, unique=True, help_text="E.164, +84…"
    )
    # What an old list said when it is no valid number today; kept so that nothing is lost.
    phone_raw = models.CharField(_("phone as submitted"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    year_of_birth = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    is_sample = models.BooleanField(
        _("fictitious"), default=False, help_text=_("A fictitious person in the demo data.")
    )
    # A parent or a core child: set when the record is made, and never changed.
    is_minimal = models.BooleanField(
        _("minimal record"),
        default=False,
        editable=False,
        help_text=_("For a parent group member or core child: no contact details and no log-in."),
    )
    # The record of the same person that is kept: this one's code and phone still find the person.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_records"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    date_joined = models.DateTimeField(_("on the register since"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "staff_code"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar = [
            models.Index(fields=["sort_key"], name="person_by_name"),
            models.Index(fields=["folded_name"], name="person_by_folded_name"),
            # By each three letters on PostgreSQL; on SQLite a plain one, which is read from end to
            # end for words that are shorter.
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="person_by_letters"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(year_of_birth__isnull=True)
                | models.Q(year_of_birth__range=(1900, 2100)),
                name="person_year_of_birth_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(is_active=False),
                name="person_merged_is_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(is_minimal=False)
                | models.Q(phone__isnull=True, phone_raw="", email__isnull=True),
                name="person_minimal_without_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(is_minimal=False) | models.Q(sex=""),
                name="person_minimal_without_sex",
            ),
            models.CheckConstraint(
                condition=models.Q(is_minimal=False)
                | models.Q(
                    password__startswith=UNUSABLE_PASSWORD_PREFIX,
                    last_login__isnull=True,
                    is_staff=False,
                    is_superuser=False,
                ),
                name="person_minimal_without_login",
            ),
            # What postings agree with, in the database itself.
            models.UniqueConstraint(fields=["id", "is_minimal"], name="person_and_kind_once"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def first_name(self) -> str:
        """What Wagtail's menu calls a person, who is otherwise called by the staff code there."""
        return self.full_name

    def area_in_words(self) -> str:
        """Return the units on which this person's roles stand; nothing for those without roles."""
        if self.is_superuser:
            return gettext("everything")
        units = self.role_assignments.order_by("unit__path").values_list("unit__display_name")
        return "; ".join(dict.fromkeys(name for (name,) in units))

    @cached_property
    def scope(self) -> UnitScope:
        """The units that this person's roles cover: one query a request, none for those without."""
        if self.is_superuser:
            return UnitScope(everywhere=True)
        if not self.__dict__.get("holds_roles", True):
            return UnitScope()
        return _scope_of(_ROLES.ask(pk=self.pk))


class Posting(models.Model):
    """A post that a person holds or held: history is kept, never overwritten.

    `valid_to` is the last day, included; open while it is empty. Written by
    `accounts.register.domain.postings.write_postings` alone; a merge and an undo give rows back.
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="postings", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="postings", verbose_name=_("unit")
    )
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    # Whether the cadre is one of whom the least is kept; the person's record has to be so as well.
    is_minimal = models.GeneratedField(
        expression=models.Q(cadre__in=[*map(str, MINIMAL_CADRES)]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # What a post of these cadres stands on.
    consent = models.ForeignKey(
        "accounts.Consent",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="postings",
        verbose_name=_("consent"),
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering: ClassVar = ["-valid_from", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="posting_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "cadre"],
                condition=models.Q(valid_to__isnull=True),
                name="posting_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(cadre__in=MINIMAL_CADRES, consent__isnull=False)
                # What was over before consents were kept.
                | models.Q(cadre__in=MINIMAL_CADRES, valid_to__isnull=False)
                | models.Q(~models.Q(cadre__in=MINIMAL_CADRES), consent__isnull=True),
                name="posting_minimal_under_consent",
            ),
            PairedForeignKey(
                name="posting_of_the_same_kind",
                key="user",
                with_="is_minimal",
                agrees="is_minimal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cadre_display()}, {self.unit}"


class RoleAssignment(models.Model):
    """A role that holds for a unit and all units below it.

    Written by `accounts.register.domain.roles.write_roles` alone.
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="role_assignments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        related_name="role_assignments",
        verbose_name=_("unit"),
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="role_once_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.unit}"


#: Of a role: its unit, and what lies in it on other maps; empty where nothing does.
COVERED_PATHS: Final = ("unit__path", "unit__covers__covered__path")


def _roles(*, pk: int) -> models.QuerySet[Any, Any]:
    return RoleAssignment.objects.filter(user=pk).values_list("role", *COVERED_PATHS)


# Asked by every request of somebody who holds a role.
_ROLES = CompiledQuery(_roles)


def know_scopes(people: Collection[User]) -> None:
    """Note with each of these people the units that the roles cover; one query for all."""
    known = RoleAssignment.objects.filter(user__in=people).order_by()
    held: dict[int, list[tuple[str, ...]]] = {one.pk: [] for one in people}
    for pk, *row in known.values_list("user", "role", *COVERED_PATHS):
        held[pk].append(tuple(row))
    for one in people:
        everything = UnitScope(everywhere=True)
        one.scope = everything if one.is_superuser else _scope_of(held[one.pk])


def _scope_of(rows: Iterable[Sequence[str]]) -> UnitScope:
    # What lies in the own unit on an earlier or a later map is the own area as well.
    pairs = {(role, path) for role, *paths in rows for path in paths if path}
    return UnitScope(assignments=tuple(sorted(pairs)))
