"""Figures that are kept, so that a page adds cells and not people; they name nobody.

All of it follows from other rows: `lms.reporting.domain.tally_keeping` counts it, and
`manage.py rebuild_tally` makes it anew.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from lms.accounts.enums import Cadre, Sex
from lms.geography.models import AdministrativeUnit
from lms.reporting.enums import PersonState, SumKind


class CompletionTally(models.Model):
    """How many people of one kind a programme counts in a unit, of whatever edition.

    `day`: of those who completed, on which day; of those whose class is to come, when it begins.
    `course`: 0 for all that the programme asks, else the id of the one course that is looked at, as if
    the programme asked for it alone.
    `in_all`: counted where all cadres are asked for. Whoever holds posts of two cadres is counted
    once there, and once where one of the two alone is asked for: that row alone says False.
    """

    is_derived = True

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    course = models.PositiveBigIntegerField(default=0)
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="+")
    cadre = models.CharField(max_length=20, choices=Cadre.choices)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    state = models.CharField(max_length=20, choices=PersonState.choices)
    day = models.DateField(null=True)
    in_all = models.BooleanField(default=True)
    people = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("kept figure of completion")
        verbose_name_plural = _("kept figures of completion")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(people__gte=1), name="tally_counts_somebody"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["programme", "course", "unit"], name="tally_by_course_and_unit")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}, {self.cadre}, {self.state}: {self.people}"


class TallyColumn(models.Model):
    """A figure of a plug-in (`ReportColumn`) or a part of one, of the people of one cadre in a unit."""

    is_derived = True

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    course = models.PositiveBigIntegerField(default=0)
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="+")
    cadre = models.CharField(max_length=20, choices=Cadre.choices)
    key = models.CharField(max_length=80)
    figure = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("kept figure of a plug-in")
        verbose_name_plural = _("kept figures of plug-ins")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "course", "unit", "cadre", "key"], name="tally_column_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}, {self.key}: {self.figure}"


class TallySum(models.Model):
    """The cells of a unit above communes and of all that lies below it, added up.

    Written with the cells and in their transaction (`lms.reporting.domain.tally_sums`). `cadre`: ""
    for all together. `key`: a state, or the key of a plug-in's figure. `day`: of those who completed,
    on which day, from `TallyState.days_since` on and whatever their sex; of those who wait for a
    class, when it begins.
    """

    is_derived = True

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    course = models.PositiveBigIntegerField(default=0)
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="+")
    cadre = models.CharField(max_length=20, choices=Cadre.choices, blank=True)
    kind = models.CharField(max_length=6, choices=SumKind.choices)
    key = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    day = models.DateField(null=True)
    figure = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("kept sum of figures")
        verbose_name_plural = _("kept sums of figures")
        indexes: ClassVar = [
            # What a page reads: one cadre, of each of its rows.
            models.Index(
                fields=["programme", "course", "cadre", "unit"], name="sum_by_cadre_and_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}, {self.kind}, {self.key}: {self.figure}"


class TallyPlace(models.Model):
    """What is said of the people of a unit itself, where places are counted and set in order.

    All of it follows from its cells by the rules of `lms.reporting.domain.rows`. `cadre`: "" for all. `path`: that
    of a commune, "" for the office of a unit above.
    """

    is_derived = True

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    course = models.PositiveBigIntegerField(default=0)
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="tally_places")
    path = models.CharField(max_length=255, blank=True)
    cadre = models.CharField(max_length=20, choices=Cadre.choices, blank=True)
    no_class = models.PositiveIntegerField()
    to_come = models.PositiveIntegerField()
    learning = models.PositiveIntegerField()
    not_completed = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    late_share = models.FloatField()
    is_reached = models.BooleanField()
    is_unreached = models.BooleanField()
    is_ahead = models.BooleanField()
    # By its posts, not by a target.
    is_done = models.BooleanField()

    class Meta:
        verbose_name = _("kept figure of a place")
        verbose_name_plural = _("kept figures of places")
        constraints: ClassVar = [
            # In this order: a page reads one cadre of all units.
            models.UniqueConstraint(
                fields=["programme", "course", "cadre", "unit"], name="tally_place_once"
            )
        ]
        indexes: ClassVar = [
            # The latest commune of a province, of either kind: read, and not looked for among all.
            models.Index(
                "programme",
                "course",
                "cadre",
                Left("path", AdministrativeUnit.steplen),
                "is_unreached",
                F("late_share").desc(),
                F("late").desc(),
                "path",
                name="place_latest_of_province",
                condition=Q(late__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}, {self.cadre}: {self.completed}"


class TallyState(models.Model):
    """That the figures of a programme are kept, as of which day they were last counted anew.

    Whoever counts anew holds this row. Its absence means that nothing is kept yet. `days_since`:
    sums tell on which day people completed from this day on. `version`: another one with each transaction that
    writes any of the figures, and never the same again: what was read under one may be remembered.
    """

    is_derived = True

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="+")
    version = models.UUIDField(default=uuid.uuid4)
    counted_on = models.DateField()
    days_since = models.DateField()

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.counted_on}"


class TallyLimit(models.Model):
    """The last day on which the figures of a unit hold although nobody changes anything.

    On the day after a class begins, or a post begins or has ended.
    """

    is_derived = True

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="+")
    good_through = models.DateField()

    class Meta:
        verbose_name = _("last day of kept figures")
        verbose_name_plural = _("last days of kept figures")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "unit"], name="tally_limit_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}: {self.good_through}"


class TallyDue(models.Model):
    """A unit, or all of a programme, whose figures have changed and are not counted anew yet.

    Written by the triggers of the database (`lms.reporting.triggers`) in the transaction of the
    change, only ever added; no foreign keys, so that nobody waits for anybody.
    """

    is_derived = True

    unit_id = models.BigIntegerField(null=True)
    programme_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("figures to count anew")
        verbose_name_plural = _("figures to count anew")

    def __str__(self) -> str:
        return f"{self.programme_id}, {self.unit_id}"
