"""Programmes, as a list that comes in and goes out."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from courses.domain.runs import check_period
from courses.models import Programme
from lms.accounts.enums import Role
from lms.core.text import nfc
from lms.geography.columns import EditionCodeWidget
from lms.geography.models import BoundaryEdition
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import CellKind, ImportColumn, RefusalOnRow, SheetRow
from lms.spreadsheets.model_rows import ModelRows
from lms.spreadsheets.widgets import DayWidget


class TextWidget(Widget):
    """Text as it is stored."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return nfc(value)


class MapWidget(EditionCodeWidget):
    """The code of an edition on the way in, the edition in the register."""

    def render(self, value: BoundaryEdition | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class ProgrammeResource(ModelRows):
    """A programme that the list leaves out stays; what a programme asks is a list of its own."""

    model = Programme
    told_apart_by = ("code",)

    code = ImportColumn(
        "code",
        gettext_lazy("Programme code"),
        aliases=("Mã chương trình", "Mã dự án"),
        required=True,
        widget=TextWidget(),
    )
    name = ImportColumn(
        "name",
        gettext_lazy("Programme"),
        aliases=("Tên chương trình", "Chương trình", "Tên dự án", "Dự án"),
        widget=TextWidget(),
    )
    edition = ImportColumn(
        "edition",
        gettext_lazy("Edition code"),
        aliases=("Mã bản địa giới", "Bản địa giới", "Bản đồ"),
        widget=MapWidget(),
    )
    starts_on = ImportColumn(
        "starts_on",
        gettext_lazy("First day"),
        aliases=("Từ ngày", "Ngày bắt đầu", "Bắt đầu"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    ends_on = ImportColumn(
        "ends_on",
        gettext_lazy("Last day"),
        aliases=("Đến ngày", "Ngày kết thúc", "Kết thúc"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )

    def look_up(self, rows: Sequence[SheetRow]) -> None:
        maps = {edition.code.lower(): edition for edition in BoundaryEdition.objects.all()}
        for row in rows:
            self.put(
                row, "edition", maps, "unknown_edition", _("No boundary edition has this code.")
            )

    def check(self, row: SheetRow, record: Programme, original: Programme) -> None:
        super().check(row, record, original)
        if not row.errors:
            with RefusalOnRow(row, "ends_on", columns={"year_far_off": "starts_on"}):
                check_period(starts_on=record.starts_on, ends_on=record.ends_on)


PROGRAMMES = ImportKind(
    key="programmes",
    label=gettext_lazy("Programmes"),
    order=290,
    help=gettext_lazy(
        "One row for each programme: its code, its name, the edition on which it reports, its first "
        "and last day. New programmes are added, those with a known code are changed, and a "
        "programme that the list leaves out stays. The map chosen below does not matter."
    ),
    roles=(Role.ADMINISTRATOR,),
    resource_class=ProgrammeResource,
    for_province=True,
    on_a_map=False,
    examples=(
        {
            "code": "du-an-mau",
            "name": "Dự án tập huấn mẫu",
            "edition": "2013-07-24",
            "starts_on": "01/01/2014",
            "ends_on": "31/12/2014",
        },
        {
            "code": "lop-ngan-mau",
            "name": "Chương trình ngắn mẫu",
            "edition": "2013-07-24",
            "starts_on": "01/06/2014",
            "ends_on": "30/06/2014",
        },
    ),
)
