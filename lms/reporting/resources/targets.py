"""Targets of a programme, as a list that is imported."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from courses.models import Programme
from courses.permissions import PLANNERS
from lms.accounts.models import User
from lms.accounts.rosters.columns import CadreWidget
from lms.accounts.rosters.resources.places import PlacesOfRows
from lms.core.change_journal import Change
from lms.core.databases import lock_rows
from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.geography.domain.finding import PlaceName, place_name
from lms.importing.extensions import ImportKind
from lms.reporting.domain.queries import required_courses
from lms.reporting.domain.targets import check_target, read_people, write_targets
from lms.reporting.domain.thresholds import Threshold, read_threshold
from lms.reporting.models import CoverageTarget
from lms.spreadsheets.import_rows import (
    CommonColumn,
    ImportColumn,
    PlannedRow,
    RefusalOnRow,
    SheetRow,
)

_WRITTEN = ("people", "percent", "each_commune")
_CELL_OF = dict.fromkeys(("threshold_missing", "threshold_twice"), "threshold")


class PeopleWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        try:
            return read_people(text=value)
        except Refusal as refusal:
            raise ValueError(refusal.message) from refusal


class TrainedCadreWidget(CadreWidget):
    """A cadre, or all of them."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        everybody = fold(value).startswith(("tat ca", "moi ", "all "))
        return "" if everybody else super().clean(value, row, **kwargs)


class ThresholdWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Threshold:
        try:
            return read_threshold(text=value)
        except Refusal as refusal:
            raise ValueError(refusal.message) from refusal


@dataclass
class TargetRecord:
    """A target as the register or the list has it."""

    pk: int | None = None
    programme: str = ""
    unit: PlaceName | None = None
    cadre: str = ""
    people: int | None = None
    threshold: Threshold | None = None

    def __deepcopy__(self, _memo: Any) -> "TargetRecord":
        return replace(self)


@dataclass
class _Plan:
    """A programme, the cadres that it trains, and what it has as targets."""

    programme: Programme

    def __post_init__(self) -> None:
        self.trained = required_courses(programme=self.programme).keys()
        set_before = CoverageTarget.objects.filter(programme=self.programme)
        self.targets = {(one.unit_id, one.cadre): one for one in set_before}


class TargetResource(PlacesOfRows):
    """Each row is the target of one unit and cadre; a target that the list leaves out stays."""

    programme = CommonColumn(
        "programme",
        gettext_lazy("Programme code"),
        aliases=("Mã chương trình", "Chương trình", "Dự án"),
    )
    unit = ImportColumn(
        "unit",
        gettext_lazy("Unit"),
        aliases=("Đơn vị", "Xã", "Xã/phường", "Xã, phường, thị trấn", "Địa phương"),
    )
    district = ImportColumn(
        "district",
        gettext_lazy("District"),
        aliases=("Huyện", "Huyện/thành phố", "Quận/huyện"),
    )
    cadre = ImportColumn(
        "cadre",
        gettext_lazy("Cadre"),
        aliases=("Nhóm đối tượng", "Đối tượng", "Nhóm"),
        widget=TrainedCadreWidget(),
    )
    people = ImportColumn(
        "people",
        gettext_lazy("Number of people"),
        aliases=("Số người", "Chỉ tiêu", "Chỉ tiêu (người)", "Số lượng", "Kế hoạch"),
        widget=PeopleWidget(),
    )
    threshold = ImportColumn(
        "threshold",
        gettext_lazy("Counts as done at"),
        aliases=("Ngưỡng", "Ngưỡng hoàn thành", "Tỷ lệ", "Tỷ lệ hoàn thành", "Mức đạt"),
        widget=ThresholdWidget(),
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._plans: dict[str, _Plan] = {}
        self._taken: dict[tuple[str, int, str], int] = {}

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        # No target is ever one of several candidates.
        return CoverageTarget.objects.none()

    def load(self, rows: Sequence[SheetRow]) -> None:
        if not self._plans:
            known = Programme.objects.visible_to(self.by).select_related("edition")
            plans = [_Plan(programme) for programme in known]
            self._plans = {plan.programme.code: plan for plan in plans}
        for row in rows:
            self._complete(row)

    def _complete(self, row: SheetRow) -> None:
        """Find the programme, the only one unless it is named, and the unit on its map."""
        text = row.values.get("programme", "")
        named = {fold(text), fold(text).replace(" ", "-")}
        plans = [
            plan
            for code, plan in self._plans.items()
            if not text or fold(code) in named or fold(plan.programme.name) in named
        ]
        if len(plans) != 1:
            row.refuse(
                "programme",
                "unknown_programme",
                _("Please give the code of one of the programmes."),
            )
            return
        programme = plans[0].programme
        row.values["programme"] = programme.code
        if programme.edition_id != self.edition_id:
            row.refuse(
                "programme",
                "other_map",
                _("This programme is on the map %(map)s: please upload the list with that map.")
                % {"map": programme.edition},
            )
            return
        self.place(row, "district", "unit")
        if not row.values.get("unit") and not row.errors:
            row.refuse(
                "unit",
                "unit_missing",
                _("Please give the unit: a commune, a district or the province."),
            )

    def find(self, row: SheetRow) -> TargetRecord | None:
        unit, cadre = row.values.get("unit"), row.values.get("cadre", "")
        if row.errors or unit is None:
            return None
        code = row.values["programme"]
        known = self._plans[code].targets.get((unit.pk, cadre))
        if known is None:
            return None
        threshold = Threshold(known.percent, known.each_commune)
        return TargetRecord(known.pk, code, unit, cadre, known.people, threshold)

    def records(self, rows: Sequence[CoverageTarget]) -> list[TargetRecord]:
        return [
            TargetRecord(
                one.pk,
                one.programme.code,
                place_name(one.unit),
                one.cadre,
                one.people,
                Threshold(one.percent, one.each_commune),
            )
            for one in rows
        ]

    def init_instance(self, row: Any = None) -> TargetRecord:
        return TargetRecord()

    def check(self, row: SheetRow, record: TargetRecord, original: TargetRecord) -> None:
        if row.errors or record.unit is None:
            return
        if not self.by.scope.covers(record.unit.path, PLANNERS):
            row.refuse("unit", "out_of_area", _("This is outside the area you look after."))
        taken = self._taken.get((record.programme, record.unit.pk, record.cadre))
        if taken is not None:
            row.refuse("unit", "same_row", _("Same as row %(number)s.") % {"number": str(taken)})
        plan = self._plans[record.programme]
        with RefusalOnRow(row, "people", columns=_CELL_OF | {"cadre_not_trained": "cadre"}):
            check_target(
                programme=plan.programme,
                unit_edition_id=plan.programme.edition_id,
                cadre=record.cadre,
                people=record.people,
                threshold=record.threshold or Threshold(),
                trained=plan.trained,
            )

    def claim(self, row: SheetRow, record: TargetRecord) -> None:
        if record.unit is not None:
            self._taken[record.programme, record.unit.pk, record.cadre] = row.number

    def lock(self, pks: Sequence[int]) -> None:
        lock_rows(CoverageTarget.objects.all(), pks=pks)

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        targets = [self._as_target(plan.instance) for plan in planned]
        write_targets(targets=targets)
        return {
            plan.row.number: [_written(target, plan.original)]
            for plan, target in zip(planned, targets, strict=True)
        }

    def _as_target(self, record: TargetRecord) -> CoverageTarget:
        threshold, unit = record.threshold or Threshold(), record.unit
        assert unit is not None  # noqa: S101 (a row without one is refused)
        return CoverageTarget(
            pk=record.pk,
            programme=self._plans[record.programme].programme,
            unit_id=unit.pk,
            cadre=record.cadre,
            people=record.people,
            percent=threshold.percent,
            each_commune=threshold.each_commune,
        )


def _written(target: CoverageTarget, before: TargetRecord | None) -> Change:
    known = before or TargetRecord()
    threshold = known.threshold or Threshold()
    old = (known.people, threshold.percent, threshold.each_commune)
    new = [getattr(target, name) for name in _WRITTEN]
    fields = {name: [one, two] for name, one, two in zip(_WRITTEN, old, new, strict=True)}
    return Change("reporting.coveragetarget", target.pk, before is None, fields)


TARGETS = ImportKind(
    key="targets",
    label=gettext_lazy("Coverage targets"),
    order=300,
    help=gettext_lazy(
        "One row for each unit and cadre: how many people are to be trained, and when the unit "
        "counts as done, such as “80 %” or “2 people in each commune”. A target that the list "
        "leaves out stays. Choose the map of the programme."
    ),
    roles=PLANNERS,
    resource_class=TargetResource,
    examples=(
        {
            "programme": "du-an-2",
            "district": "Huyện Kim Bảng",
            "people": "120",
            "threshold": "80 %",
        },
        {
            "programme": "du-an-2",
            "district": "Huyện Kim Bảng",
            "unit": "Thị trấn Quế",
            "cadre": "Cán bộ xã",
            "people": "2",
            "threshold": "2 người mỗi xã",
        },
    ),
)
