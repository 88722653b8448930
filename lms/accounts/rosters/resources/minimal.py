"""Parents and core children in a list of people: what a row may tell, and the consent it brings."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.register.domain.consents import GivenConsent, require_consent, require_past
from lms.accounts.register.domain.minimal import (
    is_minimal_cadre,
    name_or_code,
    refused_details,
    require_same_kind,
)
from lms.accounts.rosters.columns import NameWidget
from lms.accounts.rosters.domain.matching import PersonRecord
from lms.accounts.rosters.domain.write_people import brings_post
from lms.core.display import vi_date
from lms.spreadsheets.import_rows import CellKind, ImportColumn, RefusalOnRow, SheetRow
from lms.spreadsheets.widgets import DayWidget

CONSENT: Final = ("guardian", "consent_on")
# The cell that a refusal is about.
_CELL_OF = {
    "guardian_missing": "guardian",
    "guardian_not_meant": "guardian",
    "full_record": "cadre",
    "minimal_record": "cadre",
}


class NotKept:
    """What lists tell of parents and core children beyond what is kept of them: taken out of the
    rows before anything is stored, and told once.
    """

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()

    def take_out(self, row: SheetRow, record: PersonRecord | None = None) -> None:
        # A cell that could not be read is empty by now and stands in its warning.
        for name in refused_details(told={**row.cells, **row.warnings}):
            row.cells[name] = ""
            for key in (name, "phone_raw") if name == "phone" else (name,):
                for said in (row.values, row.errors, row.warnings, row.notes):
                    said.pop(key, None)
                if record is not None:
                    setattr(record, key, getattr(PersonRecord(), key))
            self._rows[name] += 1

    def tell(self, columns: Iterable[ImportColumn]) -> list[str]:
        found = [
            f"{column.label} ({self._rows[column.key]})"
            for column in columns
            if self._rows[column.key]
        ]
        if not found:
            return []
        told = _(
            "Left out, since it is not kept of parent group members and core children "
            "(number of rows): %(columns)s."
        )
        return [told % {"columns": ", ".join(found)}]


def guardian_column() -> ImportColumn:
    return ImportColumn(
        "guardian",
        gettext_lazy("Guardian"),
        aliases=(
            "Người giám hộ",
            "Họ tên người giám hộ",
            "Cha mẹ hoặc người giám hộ",
            "Cha, mẹ/người giám hộ",
            "Cha mẹ",
            "Phụ huynh",
            "Họ tên phụ huynh",
            "Họ tên cha",
            "Họ tên cha mẹ",
            "Họ và tên cha mẹ",
            "Bố mẹ",
            "Họ tên bố",
            "Họ tên bố mẹ",
            "Họ và tên bố mẹ",
            "Họ tên mẹ",
            "Người đại diện",
        ),
        widget=NameWidget(),
    )


def consent_day_column() -> ImportColumn:
    return ImportColumn(
        "consent_on",
        gettext_lazy("Day of consent"),
        aliases=("Ngày đồng ý", "Ngày ký đồng ý", "Ngày ký giấy đồng ý", "Ngày cam kết"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )


def speaks_of_minimal(row: SheetRow) -> bool | None:
    """Return whether a parent or core child is meant; None where the row names no cadre."""
    cadre = row.values.get("cadre")
    return is_minimal_cadre(cadre) if cadre else None


def call_by_code(row: SheetRow) -> None:
    """Call a new core child without a name by the code."""
    told = {name: row.values.get(name, "") for name in ("full_name", "staff_code", "cadre")}
    name = name_or_code(**told)
    if name:
        row.values["full_name"] = name


def check_kind(
    *,
    row: SheetRow,
    record: PersonRecord,
    original: PersonRecord,
    today: date,
    not_kept: NotKept,
) -> None:
    """Take out what is not kept of such a person; refuse of anybody else what is only kept of them."""
    if record.pk is None:
        record.is_minimal = is_minimal_cadre(record.cadre)
    elif record.cadre:
        with RefusalOnRow(row, "cadre") as asked:
            require_same_kind(is_minimal=record.is_minimal, cadre=record.cadre)
        if asked.refusal:
            return
    if record.is_minimal:
        not_kept.take_out(row, record)
        _check_consent(row, record, original, today)
        return
    for name in CONSENT:
        if row.cells.get(name):
            row.refuse(
                name,
                "not_kept",
                _(
                    "This is stored for parent group members and core children only: leave it "
                    "empty."
                ),
            )


def _cells(row: SheetRow) -> dict[str, str]:
    """Return the cells that refusals about a consent are about, by their code."""
    return {**_CELL_OF, "consent_later": "since"} if row.cells.get("since") else _CELL_OF


def _check_consent(
    row: SheetRow, record: PersonRecord, original: PersonRecord, today: date
) -> None:
    if any(name in row.errors for name in CONSENT):
        return
    if record.consent is not None:
        _keep_consent(row, record, original)
    elif any(row.cells.get(name) for name in CONSENT):
        day = row.values.get("consent_on")
        guardian = row.values.get("guardian", "")
        record.new_consent = GivenConsent(day, guardian) if day else None
    elif not brings_post(record):
        return
    since = (row.values.get("since") if brings_post(record) else None) or today
    given = record.consent or record.new_consent
    with RefusalOnRow(row, "consent_on", columns=_cells(row)):
        if record.new_consent is not None:
            require_past(given_on=record.new_consent.given_on, today=today)
        require_consent(cadre=record.cadre, given=given, since=since)


def _keep_consent(row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
    """Keep what is on file; another one is recorded on the person's page."""
    held = record.consent
    assert held is not None  # noqa: S101 (the caller asked)
    for name, value in (("guardian", held.guardian), ("consent_on", held.given_on)):
        if row.values.get(name) not in (None, "", value):
            row.warn(
                name,
                _(
                    "The register has a consent of %(day)s and keeps it; record another one on "
                    "the person's page."
                )
                % {"day": vi_date(held.given_on)},
            )
    record.guardian, record.consent_on = original.guardian, original.consent_on
