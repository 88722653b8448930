"""A small map: two districts of the plan with two communes each, real names and codes."""

from datetime import date

from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition

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
    province = AdministrativeUnit.add_root(
        edition=edition,
        level=Level.PROVINCE,
        code="35",
        kind="tỉnh",
        name="Hà Nam",
        display_name="tỉnh Hà Nam",
    )
    for code_, (kind, name, communes) in DISTRICTS.items():
        district = province.add_child(
            edition=edition,
            level=Level.DISTRICT,
            code=code_,
            kind=kind,
            name=name,
            display_name=f"{kind} {name}",
        )
        for commune_code, (commune_kind, commune_name) in communes.items():
            district.add_child(
                edition=edition,
                level=Level.COMMUNE,
                code=commune_code,
                kind=commune_kind,
                name=commune_name,
                display_name=f"{commune_kind} {commune_name}, {kind} {name}",
            )
            district.refresh_from_db()
        province.refresh_from_db()
    return edition


def unit(code: str, edition: str = "2013-07-24") -> AdministrativeUnit:
    """The unit with this code; the map must have been made."""
    return AdministrativeUnit.objects.get(edition__code=edition, code=code)
