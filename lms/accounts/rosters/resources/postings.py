"""Changes of posts, as a list that is imported: transfers, leavings, returns, second posts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.rosters.columns import CadreWidget, ChangeWidget, ReasonWidget
from lms.accounts.rosters.domain.posting_changes import (
    PostingChange,
    PostingStep,
    RequestedChange,
    plan_change,
    write_steps,
)
from lms.accounts.rosters.domain.write_people import IMPORTED
from lms.accounts.rosters.resources.doubts import settle_title
from lms.accounts.rosters.resources.people import (
    PersonRowResource,
    out_of_area,
    told_by,
)
from lms.accounts.rosters.resources.places import COMMUNE_NAMES, DISTRICT_NAMES
from lms.core.audit_log import log_many
from lms.core.change_journal import Change
from lms.geography.domain.finding import PlaceName
from lms.spreadsheets.import_rows import (
    CellKind,
    CommonColumn,
    ImportColumn,
    PlannedRow,
    RefusalOnRow,
    SheetRow,
)
from lms.spreadsheets.widgets import DayWidget

# The cell that a refusal is about.
_CELL_OF = {
    "to_missing": "to_unit",
    "already_held": "to_unit",
    "cadre_missing": "cadre",
    "until_missing": "until",
    "no_posting": "unit",
    "several_posts": "unit",
    "full_record": "cadre",
    "minimal_record": "cadre",
}
_SHOWN = ("change", "to_unit", "cadre", "since", "until")


@dataclass
class PostRecord:
    """A person and the change of posts that a row asks for."""

    pk: int | None = None
    change: str = ""
    to_unit: PlaceName | None = None
    cadre: str = ""
    since: date | None = None
    until: date | None = None
    step: PostingStep | None = None

    def __deepcopy__(self, _memo: Any) -> "PostRecord":
        return replace(self)


class PostingResource(PersonRowResource):
    """Each row ends a post, begins one, or both; nothing of the history is overwritten."""

    title_tells_commune = False

    unit = CommonColumn(
        "unit",
        gettext_lazy("Commune"),
        aliases=(
            *COMMUNE_NAMES,
            *("Xã cũ", "Đơn vị cũ", "Nơi đi", "Chuyển từ", "Xã chuyển đi", "Đơn vị chuyển đi"),
            *("Đơn vị công tác cũ", "Nơi công tác cũ", "Xã, phường, thị trấn cũ"),
            *("Từ xã", "Từ đơn vị"),
        ),
    )
    district = CommonColumn(
        "district",
        gettext_lazy("District"),
        aliases=(*DISTRICT_NAMES, "Huyện cũ", "Huyện chuyển đi"),
    )
    change = ImportColumn(
        "change",
        gettext_lazy("What changes"),
        aliases=(
            "Biến động",
            "Loại biến động",
            "Thay đổi",
            "Nội dung thay đổi",
            "Nội dung biến động",
            "Hình thức",
        ),
        widget=ChangeWidget(),
    )
    to_unit = ImportColumn(
        "to_unit",
        gettext_lazy("New commune"),
        aliases=(
            *("Xã mới", "Đơn vị mới", "Nơi đến", "Chuyển đến", "Xã chuyển đến"),
            *("Đơn vị công tác mới", "Nơi công tác mới", "Xã, phường, thị trấn mới"),
            *("Đến xã", "Đến đơn vị"),
        ),
    )
    to_district = ImportColumn(
        "to_district",
        gettext_lazy("New district"),
        aliases=("Huyện mới", "Huyện chuyển đến"),
    )
    cadre = ImportColumn(
        "cadre",
        gettext_lazy("Cadre in the new post"),
        aliases=("Nhóm đối tượng", "Đối tượng", "Chức danh mới"),
        hints=("Chức danh", "Chức vụ"),
        widget=CadreWidget(),
    )
    since = ImportColumn(
        "since",
        gettext_lazy("First day in the new post"),
        aliases=(
            *(
                "Từ ngày",
                "Kể từ ngày",
                "Ngày chuyển",
                "Ngày nhận việc",
                "Ngày hiệu lực",
                "Ngày bắt đầu",
            ),
            *("Thời điểm chuyển", "Thời gian chuyển", "Thời điểm", "Ngày chuyển công tác"),
        ),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    until = ImportColumn(
        "until",
        gettext_lazy("Last day in the old post"),
        aliases=("Đến ngày", "Ngày nghỉ", "Ngày thôi việc", "Ngày kết thúc"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )

    reason = ImportColumn(
        "reason",
        gettext_lazy("Reason"),
        aliases=("Lý do", "Lý do chuyển", "Lý do thay đổi", "Lý do biến động"),
        widget=ReasonWidget(),
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._taken: dict[int, str] = {}

    def load(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            _take_reason(row)
            settle_title(row=row, head=self.head_of(row), spellings=self.spellings)
            self.place(row, "to_district", "to_unit")
        super().load(rows)

    def find(self, row: SheetRow) -> PostRecord | None:
        pk = self.resolve(row)
        if pk is None or row.errors or not self._may_change(row, pk):
            return None if pk is None else PostRecord(pk=pk)
        with RefusalOnRow(row, "since", columns=_CELL_OF) as asked:
            step = plan_change(person=self.register.people[pk], asked=_asked(row), today=self.day)
        if asked.refusal:
            return PostRecord(pk=pk)
        row.values["step"] = step
        if step.is_done:
            return PostRecord(pk, **_said(row))
        held = step.ends
        return PostRecord(pk, to_unit=held.unit, cadre=held.cadre) if held else PostRecord(pk)

    def init_instance(self, row: Any = None) -> PostRecord:
        return PostRecord()

    def import_instance(self, instance: Any, row: SheetRow, **kwargs: Any) -> None:
        step: PostingStep | None = row.values.get("step")
        for name, value in _said(row).items():
            setattr(instance, name, value)
        if step is not None and not step.is_done:
            instance.step = step
            instance.change = row.values.get("change") or _inferred(row)
            instance.to_unit = step.takes.unit if step.takes else None
            instance.cadre = step.takes.cadre if step.takes else ""
            instance.until = step.last_day

    def check(self, row: SheetRow, record: PostRecord, original: PostRecord) -> None:
        if record.pk is None:
            row.refuse(
                told_by(row),
                "nobody_matches",
                _("No one on the register matches: add the person first."),
            )
        elif record.pk in self._taken:
            number = self._taken[record.pk]
            row.refuse(
                told_by(row),
                "same_person",
                _("The same person as in row %(number)s: please import one change at a time.")
                % {"number": number},
            )
        elif record.step is not None:
            self._check_area(row, record.step)

    def claim(self, row: SheetRow, record: PostRecord) -> None:
        if record.pk is not None:
            self._taken[record.pk] = row.where

    def lock(self, pks: Sequence[int]) -> None:
        lock_people(pks=pks)

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        steps = {plan.row.number: (plan.instance.pk, plan.instance.step) for plan in planned}
        written = write_steps(steps=steps)
        people = User.objects.in_bulk([plan.instance.pk for plan in planned])
        log_many(objects=people.values(), action=IMPORTED, by=self.by)
        return written

    def _may_change(self, row: SheetRow, pk: int) -> bool:
        if pk not in self.register.visible:
            row.refuse(told_by(row), "not_visible", out_of_area())
        elif not self.register.people[pk].is_manageable:
            row.refuse(
                told_by(row), "not_manageable", _("You may not change the record of this person.")
            )
        elif self.register.people[pk].is_minimal:
            self.not_kept.take_out(row)
        return not row.errors

    def _check_area(self, row: SheetRow, step: PostingStep) -> None:
        if step.ends is not None and not self.covers(step.ends.unit):
            row.refuse(
                "unit",
                "post_out_of_area",
                _("This person holds a post outside the area you look after."),
            )
        if step.takes is not None and not self.covers(step.takes.unit):
            row.refuse("to_unit", "out_of_area", _("This is outside the area you look after."))


def _asked(row: SheetRow) -> RequestedChange:
    values = row.values
    return RequestedChange(
        change=PostingChange(values.get("change") or _inferred(row)),
        unit=values.get("unit"),
        to_unit=values.get("to_unit"),
        cadre=values.get("cadre", ""),
        since=values.get("since"),
        until=values.get("until"),
    )


def _take_reason(row: SheetRow) -> None:
    """Take the change from the reason where no column names it; a reason is never kept."""
    told = row.values.pop("reason", "")
    contradicts = told == PostingChange.LEAVE and bool(row.values.get("to_unit"))
    if told and not contradicts and not row.cells.get("change"):
        row.values["change"] = told
    elif row.cells.get("reason"):
        row.warn("reason", _("The reason is not kept."))


def _inferred(row: SheetRow) -> PostingChange:
    """Infer from a last day and no new place, without a word about it, that the person leaves."""
    leaves = row.values.get("until") and not row.values.get("to_unit")
    return PostingChange.LEAVE if leaves else PostingChange.TRANSFER


def _said(row: SheetRow) -> dict[str, Any]:
    blank = PostRecord()
    return {name: row.values.get(name) or getattr(blank, name) for name in _SHOWN}
