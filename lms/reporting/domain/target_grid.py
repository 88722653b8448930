"""Targets of many units side by side: as they stand, as they are typed, and saved at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.models import Programme
from courses.permissions import PLANNERS
from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.targets import check_target, read_people, write_targets
from lms.reporting.domain.thresholds import Threshold, read_threshold
from lms.reporting.models import CoverageTarget


@dataclass(frozen=True)
class GridRow:
    """What is set for a unit: people by cadre ("" all cadres; None: whoever holds such a post)."""

    unit: AdministrativeUnit
    people: Mapping[str, int | None] = field(default_factory=dict)
    thresholds: frozenset[Threshold] = frozenset()

    def text_of(self, cadre: str) -> str:
        """Return the number as it stands in a cell; "" where nothing is set."""
        if cadre not in self.people:
            return ""
        number = self.people[cadre]
        return _("all") if number is None else str(number)

    @property
    def threshold_text(self) -> str:
        """The threshold; "" without one, and where each cadre has another (`is_mixed`)."""
        return "" if self.is_mixed else "".join(map(str, self.thresholds))

    @property
    def is_mixed(self) -> bool:
        return len(self.thresholds) > 1


@dataclass(frozen=True)
class TargetGrid:
    """`cadres`: the columns, "" for all together first; `rows`: units, the one above first."""

    programme: Programme
    cadres: Sequence[str]
    rows: Sequence[GridRow]


@dataclass(frozen=True)
class RowChange:
    """What somebody typed into a row. `before`: what the row showed then; `threshold` None: each
    cadre keeps its own.
    """

    before: GridRow
    people: Mapping[str, int | None]
    threshold: Threshold | None


def units_to_plan(*, programme: Programme, by: User) -> QuerySet[AdministrativeUnit]:
    """Return the units on the map of the programme for which the person sets targets."""
    units = AdministrativeUnit.objects.filter(by.scope.units_q("", PLANNERS))
    return units.filter(edition=programme.edition_id)


def read_grid(
    *, programme: Programme, by: User, district: AdministrativeUnit | None = None
) -> TargetGrid:
    """Return the targets of a district and its communes, or of the province and its districts (its
    communes on a map without districts); a constant number of queries.
    """
    units = units_to_plan(programme=programme, by=by)
    if district is not None:
        units = units.filter(path__startswith=district.path)
    else:
        has_districts = programme.edition.units.filter(level=Level.DISTRICT).exists()
        units = units.exclude(level=Level.COMMUNE) if has_districts else units
    set_before: dict[int, list[CoverageTarget]] = {}
    for target in CoverageTarget.objects.filter(programme=programme, unit__in=units):
        set_before.setdefault(target.unit_id, []).append(target)
    return TargetGrid(
        programme=programme,
        cadres=["", *sorted(required_courses(programme=programme))],
        rows=[_row(unit, set_before.get(unit.pk, [])) for unit in units.order_by("path")],
    )


def read_change(*, before: GridRow, cells: Mapping[str, str], threshold: str) -> RowChange:
    """Return what is typed into the cells of a row, by cadre. A threshold alone is that of everybody.

    Raises Refusal `people_unclear`, `threshold_unclear`: the first cell that cannot be read.
    """
    people = {cadre: read_people(text=text) for cadre, text in cells.items() if text}
    read = read_threshold(text=threshold) if threshold else None
    if read and not people:
        people[""] = None
    return RowChange(before, people, read)


@transaction.atomic
def save_grid(*, programme: Programme, changes: Sequence[RowChange], by: User, at: datetime) -> int:
    """Write all rows or none; return how many targets became different. Each is noted in the history.

    A cell that was emptied takes its target away. Raises the Refusals of `check_target`, and
    `targets_changed` where somebody else has changed a row meanwhile; their field is the key of the
    cell (`cell_key`).
    """
    # Whoever saves another grid of this programme waits.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    # Each cell is checked against them.
    prefetch_related_objects([programme], "requirements")
    units = [change.before.unit for change in changes]
    stored: dict[int, list[CoverageTarget]] = {unit.pk: [] for unit in units}
    known = CoverageTarget.objects.filter(programme=programme, unit__in=units)
    for target in known.select_related("unit"):
        stored[target.unit_id].append(target)
    written = 0
    for change in changes:
        targets = stored[change.before.unit.pk]
        if _row(change.before.unit, targets) != change.before:
            raise Refusal(
                "targets_changed",
                _("Somebody has changed these targets meanwhile: open the page anew."),
                field=cell_key(change.before.unit, ""),
            )
        written += _save_row(programme, change, {one.cadre: one for one in targets}, by, at)
    return written


def cell_key(unit: AdministrativeUnit, cadre: str) -> str:
    """Return the name of a cell; "threshold" stands in the place of a cadre."""
    return f"u{unit.pk}-{cadre or 'all'}"


def _row(unit: AdministrativeUnit, targets: Sequence[CoverageTarget]) -> GridRow:
    return GridRow(
        unit,
        {one.cadre: one.people for one in targets},
        frozenset(Threshold(one.percent, one.each_commune) for one in targets),
    )


def _save_row(
    programme: Programme,
    change: RowChange,
    known: Mapping[str, CoverageTarget],
    by: User,
    at: datetime,
) -> int:
    written: dict[str, list[CoverageTarget]] = {"wagtail.create": [], "wagtail.edit": []}
    for cadre, people in change.people.items():
        target = known.get(cadre) or CoverageTarget(
            programme=programme, unit=change.before.unit, cadre=cadre
        )
        before = _values(target)
        if change.threshold:
            target.percent = change.threshold.percent
            target.each_commune = change.threshold.each_commune
        target.people = people
        _check(programme, target)
        if target.pk is None or before != _values(target):
            written["wagtail.edit" if target.pk else "wagtail.create"].append(target)
    gone = [target for cadre, target in known.items() if cadre not in change.people]
    write_targets(targets=[one for targets in written.values() for one in targets])
    for target in gone:
        log(target, "wagtail.delete", user=by, timestamp=at, deleted=True)
    CoverageTarget.objects.filter(pk__in=[one.pk for one in gone]).delete()
    for action, targets in written.items():
        for target in targets:
            log(target, action, user=by, timestamp=at, data={"values": _values(target)})
    return len(gone) + sum(map(len, written.values()))


def _values(target: CoverageTarget) -> list[int | None]:
    return [target.people, target.percent, target.each_commune]


def _check(programme: Programme, target: CoverageTarget) -> None:
    try:
        check_target(
            programme=programme,
            unit_edition_id=target.unit.edition_id,
            cadre=target.cadre,
            people=target.people,
            threshold=Threshold(target.percent, target.each_commune),
            trained=required_courses(programme=programme).keys(),
        )
    except Refusal as refusal:
        where = "threshold" if refusal.code == "threshold_missing" else target.cadre
        key = cell_key(target.unit, where)
        raise Refusal(refusal.code, refusal.message, field=key) from refusal
