"""A small map: two districts of the plan with two communes each, real names and codes."""

from collections.abc import Iterator
from datetime import date

from lms.geography.domain.rules import ListedUnit
from lms.geography.domain.writing import grow_tree, next_root_step
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitCover

DISTRICTS = {
    "350": ("huyện", "Kim Bảng", {"13384": ("thị trấn", "Quế"), "13387": ("xã", "Nguyễn Úy")}),
    "353": ("huyện", "Lý Nhân", {"13591": ("xã", "Đức Lý"), "13588": ("xã", "Bắc Lý")}),
}


def make_edition(code: str = "2013-07-24") -> BoundaryEdition:
    return BoundaryEdition.objects.create(
        code=code,
        valid_from=date.fromisoformat(code),
        province_name="Hà Nam",
        legal_basis="Nghị quyết 89/NQ-CP ngày 23/07/2013",
    )


def make_map(code: str = "2013-07-24") -> BoundaryEdition:
    """An edition with province 35, districts 350 and 353 and two communes in each."""
    edition = make_edition(code)
    units = grow_tree(edition=edition, units=list(_listed()), root_step=next_root_step())
    AdministrativeUnit.objects.bulk_create(units.values())
    return edition


def merge_kim_bang() -> AdministrativeUnit:
    """The commune of a map of 2025, without districts, into which Kim Bảng went."""
    rows = [
        ListedUnit(0, Level.PROVINCE, "35", "tỉnh", "Hà Nam"),
        ListedUnit(0, Level.COMMUNE, "13390", "xã", "Kim Bảng", "35"),
    ]
    _add_units(make_edition("2025-07-01"), rows)
    merged = unit("13390", "2025-07-01")
    UnitCover.objects.create(unit=unit("350"), covered=merged)
    return merged


def add_province(edition: BoundaryEdition) -> None:
    """Beside Hà Nam a second province (36) on the same map, with one district of two communes."""
    rows = [
        ListedUnit(0, Level.PROVINCE, "36", "tỉnh", "Nam Định"),
        ListedUnit(0, Level.DISTRICT, "358", "huyện", "Mỹ Lộc", "36"),
        ListedUnit(0, Level.COMMUNE, "13690", "xã", "Mỹ Hà", "358"),
        ListedUnit(0, Level.COMMUNE, "13693", "xã", "Mỹ Tiến", "358"),
    ]
    _add_units(edition, rows)


def _add_units(edition: BoundaryEdition, rows: list[ListedUnit]) -> None:
    units = grow_tree(edition=edition, units=rows, root_step=next_root_step())
    AdministrativeUnit.objects.bulk_create(units.values())


def _listed() -> Iterator[ListedUnit]:
    """Nearly every test has the map: it is written in one statement."""
    yield ListedUnit(0, Level.PROVINCE, "35", "tỉnh", "Hà Nam")
    for district, (kind, name, communes) in DISTRICTS.items():
        yield ListedUnit(0, Level.DISTRICT, district, kind, name, "35")
        for code, (commune_kind, commune_name) in communes.items():
            yield ListedUnit(0, Level.COMMUNE, code, commune_kind, commune_name, district)


def unit(code: str, edition: str = "2013-07-24") -> AdministrativeUnit:
    """The unit with this code; the map must have been made."""
    return AdministrativeUnit.objects.get(edition__code=edition, code=code)
