"""Boundary editions as lists: exported from their page, or written row by row."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitCover, UnitSuccession
from tests.factories.importing import rehearsed, sheet

FACTS = ("code", "valid_from", "valid_to", "province_name", "legal_basis")
UNIT = ("edition__code", "level", "code", "kind", "name", "display_name", "search_text", "depth")

HEADER = (
    "Mã bản địa giới", "Hiệu lực từ ngày", "Hiệu lực đến ngày", "Căn cứ pháp lý",
    "Số đơn vị cấp huyện", "Số đơn vị cấp xã", "Cấp đơn vị", "Mã đơn vị", "Loại đơn vị",
    "Tên đơn vị", "Mã đơn vị cấp trên", "Nhập toàn bộ từ mã", "Nhập một phần từ mã",
)  # fmt: skip
NEW = "2020-01-01"
EMPTY = "Ô này phải được điền."


def province(**said: str) -> dict[str, str]:
    """The row of the province, which speaks for the new edition of two districts."""
    return {
        "from": "01/01/2020",
        "basis": "Nghị quyết 829",
        "districts": "2",
        "communes": "3",
        "level": "Tỉnh",
        "code": "35",
        "kind": "tỉnh",
        "name": "Hà Nam",
        **said,
    }


def district(code: str, name: str, **said: str) -> dict[str, str]:
    return {"level": "Huyện", "code": code, "kind": "huyện", "name": name, "above": "35", **said}


def commune(code: str, name: str, above: str, **said: str) -> dict[str, str]:
    return {"level": "Xã", "code": code, "kind": "xã", "name": name, "above": above, **said}


def new_rows() -> list[dict[str, str]]:
    """The small map of `make_map` as of 2020: Bắc Lý went over to Đức Lý as a whole."""
    return [
        province(),
        district("350", "Kim Bảng"),
        commune("13384", "Quế", "350", kind="thị trấn", whole="13384"),
        commune("13387", "Nguyễn Úy", "350", whole="13387"),
        district("353", "Lý Nhân"),
        commune("13591", "Đức Lý", "353", whole="13591; 13588"),
    ]


def as_cells(row: dict[str, str], edition: str = NEW) -> tuple[str, ...]:
    keys = ("from", "to", "basis", "districts", "communes", "level", "code", "kind", "name")
    said = [row.get(key, "") for key in (*keys, "above", "whole", "part")]
    return (row.get("edition", edition), *said)


def listed(*rows: dict[str, str], edition: str = NEW) -> SimpleUploadedFile:
    return sheet(*(as_cells(row, edition) for row in rows), header=HEADER, name="dia-gioi.csv")


def exported(client: Client, edition: str, ending: str = "xlsx") -> SimpleUploadedFile:
    """The list of one edition as the page of places gives it out."""
    chosen = BoundaryEdition.objects.get(code=edition)
    answer: Any = client.get(reverse("units:index"), {"edition": chosen.pk, "export": ending})
    return SimpleUploadedFile(f"dia-gioi.{ending}", b"".join(answer.streaming_content))


def rehearse(*rows, by, edition=NEW):
    return rehearsed(listed(*rows, edition=edition), by=by, kind="boundaries")


def errors(batch):
    """By code of the unit, or the row where there is none: the cells with their codes."""
    wrong = batch.rows.exclude(errors={})
    return {row.cells.get("code") or row.number: row.error_codes for row in wrong}


def warnings(batch):
    return {row.cells["code"]: row.warnings for row in batch.rows.exclude(warnings={})}


def changed(row, **said):
    return {**row, **said}


def everything():
    """All that stands in the tables of places, without ids."""
    return (
        list(BoundaryEdition.objects.values_list(*FACTS)),
        sorted(AdministrativeUnit.objects.values_list(*UNIT)),
        sorted(
            UnitSuccession.objects.values_list(
                "from_unit__edition__code", "from_unit__code", "to_unit__code", "extent"
            )
        ),
        sorted(
            UnitCover.objects.values_list(
                "unit__edition__code", "unit__code", "covered__edition__code", "covered__code"
            )
        ),
    )


def spoilt(place, **said):
    rows = new_rows()
    rows[place] = changed(rows[place], **said)
    return rows
