"""People with their posts, as a list that is imported."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from lms.accounts.domain.identifying import normal_staff_code
from lms.accounts.domain.matching import Clue, HeldPost, PersonRecord, Register
from lms.accounts.domain.phones import looks_like_phone
from lms.accounts.domain.rosters import RosterRow, lock_people, write_people
from lms.accounts.enums import Cadre, Role, Sex
from lms.core.errors import RefusedError
from lms.core.resources import (
    SOMEBODY_NEW,
    CellKind,
    ImportColumn,
    PlannedRow,
    RowResource,
    SheetRow,
    WrittenObject,
)
from lms.core.templatetags.ui import phone_local
from lms.core.text import fold, nfc
from lms.geography.domain.finding import PlaceName, UnitIndex
from lms.geography.enums import Level

IMPORTING_ROLES = (Role.ADMINISTRATOR, Role.COORDINATOR)
EARLIEST_YEAR_OF_BIRTH = 1900
_LONGEST = {"full_name": 150, "staff_code": 32}
# What offices write for the five cadres besides our own words.
_CADRE_WORDS = {
    Cadre.DISTRICT_OFFICER: ("can bo huyen", "can bo cap huyen"),
    Cadre.COMMUNE_OFFICER: ("can bo xa", "can bo cap xa", "cong chuc xa"),
    Cadre.COLLABORATOR: ("cong tac vien", "ctv", "tinh nguyen vien", "cong tac vien thon"),
    Cadre.PARENT_GROUP: ("nhom cha me", "cha me"),
    Cadre.CORE_CHILD: ("tre em nong cot", "tre nong cot"),
}


class NameWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        name = nfc(value)
        if len(name) > _LONGEST["full_name"] or not any(char.isalpha() for char in name):
            raise ValueError(_("This is not the name of a person."))
        return name


class StaffCodeWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        code = normal_staff_code(value)
        if "@" in code or looks_like_phone(code) or len(code) > _LONGEST["staff_code"]:
            raise ValueError(_("A staff code needs a letter and no @."))
        return code


class PhoneWidget(Widget):
    """E.164 inside, as one dials it outside."""

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return phone_local(value) if value else ""


class EmailWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        address = value.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return address


class YearWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:
        year, latest = int(value), timezone.localdate().year
        if not EARLIEST_YEAR_OF_BIRTH <= year <= latest:
            raise ValueError(
                _("The year of birth lies between %(earliest)s and %(latest)s.")
                % {"earliest": str(EARLIEST_YEAR_OF_BIRTH), "latest": str(latest)}
            )
        return year


class SexWidget(Widget):
    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Sex(value).label) if value else ""


class CadreWidget(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        words = fold(value)
        for cadre in Cadre:
            if words in (cadre.value, fold(str(cadre.label)), *_CADRE_WORDS[cadre]):
                return cadre.value
        raise ValueError(
            _("“%(text)s” is not one of the cadres: %(cadres)s.")
            % {"text": value, "cadres": ", ".join(str(cadre.label) for cadre in Cadre)}
        )

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return str(Cadre(value).label) if value else ""


class PeopleResource(RowResource):
    """A roster: each row is a person and the post held."""

    full_name = ImportColumn(
        "full_name",
        gettext_lazy("Full name"),
        aliases=("Họ và tên", "Họ tên", "Họ và tên học viên", "Tên cán bộ", "Name"),
        required=True,
        widget=NameWidget(),
    )
    staff_code = ImportColumn(
        "staff_code",
        gettext_lazy("Staff code"),
        aliases=("Mã cán bộ", "Mã CB", "Mã số", "Mã", "Code"),
        widget=StaffCodeWidget(),
    )
    phone = ImportColumn(
        "phone",
        gettext_lazy("Phone number"),
        aliases=("Số điện thoại", "Điện thoại", "SĐT", "ĐT", "Di động", "Phone"),
        kind=CellKind.PHONE,
        widget=PhoneWidget(),
    )
    email = ImportColumn(
        "email",
        gettext_lazy("E-mail"),
        aliases=("Email", "Thư điện tử", "Hộp thư"),
        widget=EmailWidget(),
    )
    sex = ImportColumn(
        "sex",
        gettext_lazy("Sex"),
        aliases=("Giới tính", "Giới", "Nam/Nữ", "Nam, nữ"),
        kind=CellKind.SEX,
        widget=SexWidget(),
    )
    year_of_birth = ImportColumn(
        "year_of_birth",
        gettext_lazy("Year of birth"),
        aliases=("Năm sinh", "Ngày sinh", "Ngày tháng năm sinh", "Sinh năm"),
        kind=CellKind.YEAR,
        widget=YearWidget(),
    )
    unit = ImportColumn(
        "unit",
        gettext_lazy("Commune"),
        aliases=("Xã", "Xã/phường", "Xã, phường, thị trấn", "Đơn vị", "Đơn vị công tác", "Mã xã"),
    )
    district = ImportColumn(
        "district",
        gettext_lazy("District"),
        aliases=("Huyện", "Huyện/thành phố", "Quận/huyện", "Mã huyện"),
    )
    cadre = ImportColumn(
        "cadre",
        gettext_lazy("Cadre"),
        aliases=("Nhóm đối tượng", "Đối tượng", "Chức danh", "Chức vụ", "Nhóm"),
        widget=CadreWidget(),
    )

    def __init__(self, *, by: Any, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._units = UnitIndex(edition_id)
        self._register = Register(by=by)
        #: By column and value: the row that took it.
        self._taken: dict[tuple[str, Any], int] = {}

    def load(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            self._place(row)
        self._register.load([_clue(row) for row in rows])

    def find(self, row: SheetRow) -> PersonRecord | None:
        pk = row.choice
        if pk is None:
            match = self._register.match(_clue(row))
            row.candidates, pk = list(match.candidates), match.pk
        elif pk == SOMEBODY_NEW:
            return None
        elif pk not in self._register.visible:
            row.refuse("full_name", _out_of_area())
            return None
        if pk is None:
            return None
        return self._with_post(row, replace(self._register.people[pk]))

    def init_instance(self, row: Any = None) -> PersonRecord:
        return PersonRecord()

    def check(self, row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
        if record.pk is None:
            self._check_new(row)
        else:
            self._check_known(row, record, original)
        self._check_unique(row, record)
        self._check_area(row, record)

    def claim(self, row: SheetRow, record: PersonRecord) -> None:
        for key in self._keys(row, record):
            self._taken[key] = row.number

    def lock(self, pks: Sequence[int]) -> None:
        lock_people(pks=pks)

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[WrittenObject]]:
        rows = [RosterRow(plan.row.number, plan.instance, plan.original) for plan in planned]
        return write_people(rows=rows, by=self.by, on=self.day)

    # --- The rules of one row -----------------------------------------------

    def _place(self, row: SheetRow) -> None:
        """Commune and district of the row as one unit."""
        texts = {name: row.values.pop(name, "") for name in ("district", "unit")}
        district = within = None
        for name, level in (("district", Level.DISTRICT), ("unit", None)):
            if texts[name]:
                try:
                    within = self._units.find(texts[name], level=level, within=district)
                except RefusedError as refusal:
                    row.refuse(name, str(refusal))
                    return
                district = within
        if within is not None:
            row.values["unit"] = within

    def _with_post(self, row: SheetRow, person: PersonRecord) -> PersonRecord:
        """The post that the row speaks of: the same one, or the only one."""
        unit, cadre = row.values.get("unit"), row.values.get("cadre")
        same = [
            post
            for post in person.posts
            if (unit is None or post.unit == unit) and (not cadre or post.cadre == cadre)
        ]
        chosen = next(iter(same or person.posts), None)
        if chosen is not None:
            person.post, person.unit, person.cadre = chosen, chosen.unit, chosen.cadre
        if not same and len(person.posts) > 1:
            row.refuse(
                "unit",
                _("This person holds several posts: please record the move on the person's page."),
            )
        return person

    def _check_new(self, row: SheetRow) -> None:
        for name, sentence in (
            ("full_name", _("The name is missing.")),
            ("staff_code", _("Nobody on the register is meant: a new person needs a staff code.")),
            ("unit", _("A new person needs a commune or a district.")),
            ("cadre", _("A new person needs a cadre.")),
        ):
            if not row.cells.get(name) and not row.values.get(name):
                row.refuse(name, sentence)

    def _check_known(self, row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
        if record.pk not in self._register.visible:
            row.refuse("staff_code" if row.cells.get("staff_code") else "phone", _out_of_area())
            return
        held = record.post
        if record.unit and not record.cadre:
            row.refuse("cadre", _("A post needs both a unit and a cadre."))
        if held is not None and (record.unit, record.cadre) != (held.unit, held.cadre):
            self._check_move(row, record, held)
        if not record.is_manageable and record != original:
            row.refuse("full_name", _("You may not change the record of this person."))

    def _check_move(self, row: SheetRow, record: PersonRecord, held: HeldPost) -> None:
        if not self._covers(held.unit):
            row.refuse("unit", _("This person holds a post outside the area you look after."))
        elif held.valid_from >= self.day:
            row.refuse(
                "unit",
                _("%(name)s has held this post since %(day)s; the change must come later.")
                % {"name": record.full_name, "day": f"{held.valid_from:%d/%m/%Y}"},
            )

    def _check_unique(self, row: SheetRow, record: PersonRecord) -> None:
        for name in ("phone", "email"):
            value = row.values.get(name)
            holder = self._register.holder(**{name: value}) if value else None
            if holder is not None and holder != record.pk:
                row.refuse(name, _("Somebody else on the register has this already."))
        for name, value in self._keys(row, record):
            if (name, value) in self._taken:
                row.refuse(
                    "full_name" if name == "person" else name,
                    _("The same as in row %(number)s.") % {"number": str(self._taken[name, value])},
                )
                return

    def _check_area(self, row: SheetRow, record: PersonRecord) -> None:
        unit: PlaceName | None = row.values.get("unit")
        if unit is not None and not self._covers(unit):
            row.refuse("unit", _("This lies outside the area that you look after."))

    def _covers(self, unit: PlaceName) -> bool:
        return bool(self.by.scope.covers(unit.path, IMPORTING_ROLES))

    def _keys(self, row: SheetRow, record: PersonRecord) -> list[tuple[str, Any]]:
        """What no later row may bring again."""
        keys = [(name, row.values.get(name)) for name in ("staff_code", "phone", "email")]
        if record.pk is not None:
            keys.append(("person", record.pk))
        return [(name, value) for name, value in keys if value]


def _clue(row: SheetRow) -> Clue:
    values = row.values
    unit: PlaceName | None = values.get("unit")
    return Clue(
        staff_code=values.get("staff_code", ""),
        full_name=values.get("full_name", ""),
        year_of_birth=values.get("year_of_birth"),
        phone=values.get("phone"),
        email=values.get("email"),
        unit_id=unit.pk if unit else None,
    )


def _out_of_area() -> str:
    return _("This belongs to somebody outside the area that you look after.")
