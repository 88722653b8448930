"""What a programme wants to reach, and the reports that are frozen, numbered and answered for."""

import uuid
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from courses.permissions import PLANNERS
from lms.accounts.enums import Cadre
from lms.accounts.models import User
from lms.core.sent_papers import private_storage
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.reporting.enums import (
    APPROVING_ROLES,
    NUMBERED_STATES,
    PREPARING_ROLES,
    PeriodKind,
    PersonState,
    SnapshotFileKind,
    SnapshotState,
)
from lms.reporting.tally_models import (
    CompletionTally,
    TallyColumn,
    TallyDue,
    TallyLimit,
    TallyPlace,
    TallyState,
    TallySum,
)

__all__ = [
    "CompletionTally",
    "CoverageTarget",
    "CoverageTargetQuerySet",
    "ReportSchedule",
    "ReportSeries",
    "ReportSnapshot",
    "SnapshotFile",
    "SnapshotPerson",
    "TallyColumn",
    "TallyDue",
    "TallyLimit",
    "TallyPlace",
    "TallyState",
    "TallySum",
]


class CoverageTargetQuerySet(models.QuerySet["CoverageTarget"]):
    def visible_to(self, user: User) -> "CoverageTargetQuerySet":
        return self.filter(user.scope.units_q("unit"))

    def manageable_by(self, user: User) -> "CoverageTargetQuerySet":
        """Return those of the units that one plans for: nobody else sets what is asked of them."""
        return self.filter(user.scope.units_q("unit", PLANNERS))


class CoverageTarget(models.Model):
    """How many people of a unit a programme wants to train, and when the unit counts as done.

    `cadre` "": all that the programme trains. `people` None: whoever holds such a post. A unit is done
    when `percent` of the people have completed, or `each_commune` in each of its communes: one of
    the two is set. `lms.reporting.domain.targets` checks and writes.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="targets", verbose_name=_("programme")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="targets", verbose_name=_("unit")
    )
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices, blank=True)
    people = models.PositiveIntegerField(
        _("number of people"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    percent = models.PositiveSmallIntegerField(
        _("percentage who must complete"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    each_commune = models.PositiveSmallIntegerField(
        _("people who must complete in each commune"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )

    objects = CoverageTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage target")
        verbose_name_plural = _("coverage targets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "unit", "cadre"], name="target_once_per_unit_and_cadre"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False) ^ Q(each_commune__isnull=False),
                name="target_has_one_threshold",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(1, 100)),
                name="target_percent_in_range",
            ),
            models.CheckConstraint(
                condition=(Q(people__isnull=True) | Q(people__gte=1))
                & (Q(each_commune__isnull=True) | Q(each_commune__gte=1)),
                name="target_asks_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class ReportSeries(models.Model):
    """One series of numbers without a gap for each office and year.

    `lms.reporting.domain.snapshots` locks the row and takes the number in the transaction that
    approves the report: no approval, no number.
    """

    office_code = models.CharField(_("code of the office"), max_length=30)
    year = models.PositiveSmallIntegerField(_("year"))
    next_number = models.PositiveIntegerField(_("next number"), default=1)

    class Meta:
        verbose_name = _("series of reports")
        verbose_name_plural = _("series of reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office_code", "year"], name="report_series_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.year}"


class ReportSnapshotQuerySet(models.QuerySet["ReportSnapshot"]):
    def visible_to(self, user: User) -> "ReportSnapshotQuerySet":
        """Return those of units that one oversees as a whole."""
        return self.filter(user.scope.units_q("unit"))

    def manageable_by(self, user: User) -> "ReportSnapshotQuerySet":
        """Return those that one may prepare."""
        return self.filter(user.scope.units_q("unit", PREPARING_ROLES))

    def approvable_by(self, user: User) -> "ReportSnapshotQuerySet":
        """Return those that one may answer for; not that of the own hand, as the rule says."""
        return self.filter(user.scope.units_q("unit", APPROVING_ROLES))

    def waiting_for(self, user: User) -> "ReportSnapshotQuerySet":
        """Return the drafts of others that wait for this person to approve them."""
        drafts = self.approvable_by(user).filter(state=SnapshotState.DRAFT)
        return drafts.exclude(prepared_by=user)


class ReportSnapshot(models.Model):
    """The figures of a period, frozen; approved by another person than the one who prepared them.

    Every change of state is a function of `lms.reporting.domain.snapshots`. `facts`: figures,
    definitions, what was required, targets, map and the words of the office, as on the day when it
    was made (`lms.reporting.domain.snapshot_facts`). Nothing of it is ever changed or deleted.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="snapshots", verbose_name=_("programme")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="snapshots", verbose_name=_("unit")
    )
    edition = models.ForeignKey(
        BoundaryEdition, models.PROTECT, related_name="snapshots", verbose_name=_("map")
    )
    kind = models.CharField(_("period"), max_length=10, choices=PeriodKind.choices)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(
        _("state"), max_length=10, choices=SnapshotState.choices, default=SnapshotState.DRAFT
    )
    facts: Any = models.JSONField(_("facts"))
    prepared_by = models.ForeignKey(
        User, models.PROTECT, related_name="prepared_reports", verbose_name=_("prepared by")
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    approved_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_reports",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    series = models.ForeignKey(
        ReportSeries, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )

    objects = ReportSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen report")
        verbose_name_plural = _("frozen reports")
        ordering: ClassVar = ["-ends_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "unit", "kind", "starts_on"],
                condition=Q(state=SnapshotState.APPROVED),
                name="report_approved_once_per_period",
            ),
            models.UniqueConstraint(
                fields=["programme", "unit", "kind", "starts_on"],
                condition=Q(state=SnapshotState.DRAFT),
                name="report_drafted_once_per_period",
            ),
            models.UniqueConstraint(fields=["series", "number"], name="report_number_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("prepared_by")),
                name="report_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NUMBERED_STATES) | Q(number__isnull=True),
                name="report_draft_without_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(SnapshotState.APPROVED, SnapshotState.REPLACED))
                | Q(number__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="report_approved_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=SnapshotState.WITHDRAWN)
                | (~Q(reason="") & Q(ended_by__isnull=False, ended_at__isnull=False)),
                name="report_withdrawn_by_person_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.serial or str(self.facts["title"])

    @property
    def serial(self) -> str:
        """The number as it stands on the paper (12/BC-SLĐTBXH); "" for a draft."""
        if self.number is None:
            return ""
        return f"{self.number}/BC-{self.facts['office']['code']}"

    @property
    def is_draft(self) -> bool:
        return self.state == SnapshotState.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == SnapshotState.APPROVED

    @property
    def has_number(self) -> bool:
        return self.number is not None


class SnapshotPerson(models.Model):
    """One person behind the figures of a frozen report, as the report counts the person."""

    snapshot = models.ForeignKey(ReportSnapshot, models.PROTECT, related_name="people")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    cadre = models.CharField(_("cadre"), max_length=20, choices=Cadre.choices)
    state = models.CharField(_("state"), max_length=20, choices=PersonState.choices)

    class Meta:
        verbose_name = _("person in a frozen report")
        verbose_name_plural = _("people in frozen reports")
        indexes: ClassVar = [models.Index(fields=["snapshot"], name="report_people")]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.user_id}"


def stored_name(stored: "SnapshotFile", _name: str) -> str:
    """Return where a file of a report lies; the name tells nothing."""
    return f"reports/{stored.key}.{stored.kind}"


class SnapshotFile(models.Model):
    """A file of an approved report, stored once and handed out as it is."""

    snapshot = models.ForeignKey(ReportSnapshot, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind of file"), max_length=10, choices=SnapshotFileKind.choices)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), storage=private_storage, upload_to=stored_name)
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64)

    class Meta:
        verbose_name = _("file of a frozen report")
        verbose_name_plural = _("files of frozen reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "kind"], name="report_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.kind}"


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def visible_to(self, user: User) -> "ReportScheduleQuerySet":
        return self.filter(user.scope.units_q("unit"))

    def manageable_by(self, user: User) -> "ReportScheduleQuerySet":
        return self.filter(user.scope.units_q("unit", PREPARING_ROLES))


class ReportSchedule(models.Model):
    """Who is told the figures of each period of a unit once it is over.

    Sent as a reminder (`lms.reporting.reminders`): at most once, on record among the reminders, and
    only to whoever still oversees the unit on that day.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="schedules", verbose_name=_("programme")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="schedules", verbose_name=_("unit")
    )
    kind = models.CharField(_("period"), max_length=10, choices=PeriodKind.choices)
    recipients = models.ManyToManyField(
        User, related_name="report_schedules", verbose_name=_("recipients")
    )

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "unit", "kind"], name="report_schedule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.get_kind_display()}"
