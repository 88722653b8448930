"""The units of one boundary edition, as a list that is imported."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

from lms.core.change_journal import Change
from lms.core.refusal import CatchRefusal
from lms.geography.columns import CodesWidget, CountWidget, EditionCodeWidget, LevelWidget
from lms.geography.domain.listing import (
    CORRECTED_FACTS,
    FACTS,
    EditionList,
    ListRow,
    judge_list,
)
from lms.geography.domain.naming import kind_and_name
from lms.geography.domain.queries import former_codes
from lms.geography.domain.rules import ListedUnit, Problem
from lms.geography.domain.take_back import (
    WrittenUnit,
    take_back_corrections,
    take_back_edition,
)
from lms.geography.domain.writing import (
    Correction,
    add_edition,
    correct_facts,
    correct_names,
    hold_editions,
)
from lms.geography.enums import Extent
from lms.geography.models import AdministrativeUnit, BoundaryEdition
from lms.spreadsheets.import_rows import CellKind, ImportColumn, PlannedRow, RowResource, SheetRow
from lms.spreadsheets.widgets import DayWidget

_UNIT = "geography.administrativeunit"
_NAMES = ("kind", "name")
_OF_UNIT = ("level", "code", *_NAMES, "parent_code")
# What stands in front of a fact of the edition among the fields of a unit that was written.
_OF_EDITION = "edition."
# The cells that tell the former units of each extent.
_FORMER = {Extent.WHOLE.value: "whole_from", Extent.PART.value: "part_from"}


@dataclass
class UnitRecord:
    """A unit as the register or the list has it, with what is said of its edition."""

    pk: int | None = None
    edition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: str = ""
    districts: int | None = None
    communes: int | None = None
    level: str = ""
    code: str = ""
    kind: str = ""
    name: str = ""
    parent_code: str = ""
    whole_from: str = ""
    part_from: str = ""

    def __deepcopy__(self, _memo: Any) -> "UnitRecord":
        return replace(self)


class BoundaryResource(RowResource):
    """The list is the edition: it is taken in whole, or not at all.

    An edition that is not registered is made; of a registered one names, the last day and the
    legal basis are corrected, and a unit that the list leaves out stays.
    """

    is_whole = True

    edition = ImportColumn(
        "edition",
        gettext_lazy("Edition code"),
        aliases=("Mã bản địa giới", "Bản địa giới", "Phiên bản địa giới"),
        required=True,
        widget=EditionCodeWidget(),
    )
    valid_from = ImportColumn(
        "valid_from",
        gettext_lazy("Edition valid from"),
        aliases=("Hiệu lực từ ngày", "Có hiệu lực từ ngày", "Ngày có hiệu lực", "Ngày hiệu lực"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    valid_to = ImportColumn(
        "valid_to",
        gettext_lazy("Edition valid to"),
        aliases=("Hiệu lực đến ngày", "Có hiệu lực đến ngày", "Ngày hết hiệu lực"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    legal_basis = ImportColumn(
        "legal_basis",
        gettext_lazy("Legal basis"),
        aliases=("Căn cứ pháp lý", "Căn cứ", "Nghị quyết", "Văn bản"),
    )
    districts = ImportColumn(
        "districts",
        gettext_lazy("Number of districts"),
        aliases=("Số đơn vị cấp huyện", "Số huyện"),
        widget=CountWidget(),
    )
    communes = ImportColumn(
        "communes",
        gettext_lazy("Number of communes"),
        aliases=("Số đơn vị cấp xã", "Số xã"),
        widget=CountWidget(),
    )
    level = ImportColumn(
        "level",
        gettext_lazy("Unit level"),
        aliases=("Cấp đơn vị", "Cấp", "Cấp hành chính"),
        required=True,
        widget=LevelWidget(),
    )
    code = ImportColumn(
        "code",
        gettext_lazy("Unit code"),
        aliases=("Mã đơn vị", "Mã", "Mã đơn vị hành chính", "Mã Tổng cục Thống kê"),
        required=True,
    )
    kind = ImportColumn(
        "kind",
        gettext_lazy("Unit type"),
        aliases=("Loại đơn vị", "Loại", "Loại hình"),
    )
    name = ImportColumn(
        "name",
        gettext_lazy("Unit name"),
        aliases=("Tên đơn vị", "Tên", "Tên đơn vị hành chính"),
        required=True,
    )
    parent_code = ImportColumn(
        "parent_code",
        gettext_lazy("Parent unit code"),
        aliases=("Mã đơn vị cấp trên", "Mã cấp trên", "Trực thuộc", "Thuộc đơn vị"),
    )
    whole_from = ImportColumn(
        "whole_from",
        gettext_lazy("Formed from whole former units"),
        aliases=("Nhập toàn bộ từ mã", "Nhập toàn bộ từ", "Đơn vị tiền thân", "Mã cũ"),
        widget=CodesWidget(),
    )
    part_from = ImportColumn(
        "part_from",
        gettext_lazy("Formed from parts of former units"),
        aliases=("Nhập một phần từ mã", "Nhập một phần từ"),
        widget=CodesWidget(),
    )

    def __init__(self, *, by: "User", day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._list: EditionList | None = None
        self._said: dict[int, ListRow] = {}

    @classmethod
    def candidate_scope(cls, by: "User") -> models.QuerySet[Any]:
        # No unit is ever one of several candidates.
        return AdministrativeUnit.objects.none()

    @property
    def judged(self) -> EditionList:
        assert self._list is not None  # noqa: S101 (`load` comes first)
        return self._list

    def load(self, rows: Sequence[SheetRow]) -> None:
        self._list = judge_list(rows=[_said(row) for row in rows])
        self._said = {row.number: row for row in self._list.rows}
        by_number = {row.number: row for row in rows}
        for problem in self._list.problems:
            self._refuse(by_number[problem.number], problem)
        for problem in self._list.warnings:
            by_number[problem.number].warn(_cell(problem), capfirst(problem.sentence))
        for row in rows:
            if not self.by.scope.administers_province:
                row.refuse(
                    "edition",
                    "not_administrator",
                    _("Only an administrator of the whole province may do this."),
                )
            self._complete(row)

    def find(self, row: SheetRow) -> UnitRecord | None:
        said, edition = self._said[row.number], self.judged.edition
        known = self.judged.known.get(said.unit.code)
        if known is None or edition is None:
            return None
        # One row speaks for the edition; what the others say of it is the same.
        stored = CORRECTED_FACTS if said is self.judged.head else ()
        record = UnitRecord(pk=known.pk, edition=edition.code)
        for name in FACTS:
            value = getattr(edition, name) if name in stored else row.values.get(name)
            setattr(record, name, value)
        for name in _OF_UNIT:
            setattr(record, name, getattr(known.listed, name))
        former = self.judged.former.get(said.unit.code, {})
        for extent, name in _FORMER.items():
            setattr(record, name, _joined(former.get(extent, [])))
        return record

    def records(self, rows: Sequence[Any]) -> list[UnitRecord]:
        """Return the units, which come from `as_listed`, each with what is said of its edition."""
        return [_as_told(unit) for unit in rows]

    def init_instance(self, row: Any = None) -> UnitRecord:
        return UnitRecord()

    def lock(self, pks: Sequence[int]) -> None:
        hold_editions()

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        if self.judged.edition is None:
            return self._add()
        return self._correct(self.judged.edition, planned)

    @classmethod
    def take_back(cls, *, written: Sequence[Change], by: "User") -> dict[int, str]:
        new = [one.pk for one in written if one.is_new]
        if new:
            with CatchRefusal() as stays:
                take_back_edition(unit_ids=new)
            return dict.fromkeys(new, stays.message) if stays.refusal else {}
        return take_back_corrections(written=[_as_written(one) for one in written])

    def _refuse(self, row: SheetRow, problem: Problem) -> None:
        # A cell that could not be read is not empty as well.
        if _cell(problem) not in row.errors:
            row.refuse(_cell(problem), problem.code, capfirst(problem.sentence))

    def _complete(self, row: SheetRow) -> None:
        """Fill in names, codes and facts as the list is understood,
        so that they are what is compared.
        """
        said = self._said[row.number]
        for name in _OF_UNIT:
            row.values[name] = getattr(said.unit, name)
        for extent, name in _FORMER.items():
            row.values[name] = _joined(said.former[extent])
        row.values["edition"] = said.edition or self.judged.code
        if said is self.judged.head:
            row.values |= self.judged.facts

    def _add(self) -> dict[int, list[Change]]:
        judged = self.judged
        made = add_edition(
            facts=judged.as_facts(),
            units=judged.units,
            handovers=judged.handovers,
            before=judged.before,
        )
        return {
            unit.number: [
                Change(
                    _UNIT,
                    made[unit.code].pk,
                    is_new=True,
                    fields={name: [None, getattr(unit, name)] for name in _NAMES},
                    group="edition",
                )
            ]
            for unit in judged.units
        }

    def _correct(
        self, edition: BoundaryEdition, planned: Sequence[PlannedRow]
    ) -> dict[int, list[Change]]:
        corrections: list[Correction] = []
        facts: dict[str, Any] = {}
        written: dict[int, list[Change]] = {}
        for plan in planned:
            old, new = plan.original, plan.instance
            changed = {
                name: [getattr(old, name), getattr(new, name)]
                for name in (*_NAMES, *CORRECTED_FACTS)
                if getattr(old, name) != getattr(new, name)
            }
            told = {name: pair for name, pair in changed.items() if name in CORRECTED_FACTS}
            facts |= {name: pair[1] for name, pair in told.items()}
            if changed.keys() - told.keys():
                corrections.append(Correction(new.pk, new.kind, new.name))
            fields = {
                f"{_OF_EDITION}{name}" if name in told else name: pair
                for name, pair in changed.items()
            }
            written[plan.row.number] = [Change(_UNIT, new.pk, is_new=False, fields=fields)]
        correct_names(edition=edition, corrections=corrections)
        correct_facts(edition=edition, facts=facts)
        return written


def _as_told(unit: Any) -> UnitRecord:
    record = UnitRecord(edition=unit.edition.code)
    for name in ("valid_from", "valid_to", "legal_basis"):
        setattr(record, name, getattr(unit.edition, name))
    for name in (*_OF_UNIT, "districts", "communes"):
        setattr(record, name, getattr(unit, name))
    for extent, name in _FORMER.items():
        setattr(record, name, former_codes(unit=unit, extent=Extent(extent)))
    return record


def _said(row: SheetRow) -> ListRow:
    values = row.values
    kind, name = kind_and_name(
        kind=values.get("kind", ""),
        name=values.get("name", ""),
        level=row.cells.get("level", ""),
    )
    unit = ListedUnit(
        row.number,
        values.get("level", ""),
        values.get("code", ""),
        kind,
        name,
        values.get("parent_code", ""),
    )
    return ListRow(
        number=row.number,
        edition=values.get("edition", ""),
        facts={one: values[one] for one in FACTS if values.get(one) not in (None, "")},
        unit=unit,
        former={
            extent: values[column].split("; ") if values.get(column) else []
            for extent, column in _FORMER.items()
        },
    )


def _cell(problem: Problem) -> str:
    return _FORMER.get(problem.field, problem.field)


def _joined(codes: Sequence[str]) -> str:
    return "; ".join(sorted(codes))


def _as_written(one: Change) -> WrittenUnit:
    facts = {name for name in one.fields if name.startswith(_OF_EDITION)}
    return WrittenUnit(
        pk=one.pk,
        fields={name: pair for name, pair in one.fields.items() if name not in facts},
        facts={name.removeprefix(_OF_EDITION): one.fields[name] for name in facts},
    )
