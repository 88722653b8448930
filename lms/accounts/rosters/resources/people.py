"""People with their posts, as a list that is imported."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.enums import MANAGING_ROLES
from lms.accounts.models import User
from lms.accounts.register.domain.locks import lock_people
from lms.accounts.register.domain.postings import require_later
from lms.accounts.rosters.columns import (
    CadreWidget,
    EmailWidget,
    NameWidget,
    PhoneWidget,
    SexWidget,
    StaffCodeWidget,
    YearWidget,
)
from lms.accounts.rosters.domain.matching import HeldPost, MatchKeys, PersonMatcher, PersonRecord
from lms.accounts.rosters.domain.posting_changes import NewPost, require_free
from lms.accounts.rosters.domain.spelling import has_marks
from lms.accounts.rosters.domain.write_people import RosterRow, write_people
from lms.accounts.rosters.resources.claims import Claims
from lms.accounts.rosters.resources.doubts import (
    keep_old_phone,
    keep_post,
    read_cadre,
    settle_cadre,
    settle_level,
    settle_title,
    warn_of_longer,
    warn_of_nonsense,
)
from lms.accounts.rosters.resources.leaving import told_people
from lms.accounts.rosters.resources.minimal import (
    NotKept,
    call_by_code,
    check_kind,
    consent_day_column,
    guardian_column,
    speaks_of_minimal,
)
from lms.accounts.rosters.resources.names import spell, tell_left_off, warn_of_odd_name
from lms.accounts.rosters.resources.places import (
    COMMUNE_NAMES,
    DISTRICT_NAMES,
    PlaceColumn,
    PlacesOfRows,
)
from lms.core.change_journal import Change
from lms.core.display import vi_date
from lms.core.text import fold
from lms.geography.domain.finding import PlaceName
from lms.spreadsheets.import_rows import (
    SOMEBODY_NEW,
    CellKind,
    CommonColumn,
    ImportColumn,
    NameColumn,
    OptionalColumn,
    PlannedRow,
    RefusalOnRow,
    SheetRow,
    Surroundings,
)
from lms.spreadsheets.widgets import DayWidget

# What somebody new cannot be entered without.
_NEEDED = {
    "full_name": gettext_lazy("The name is missing."),
    "unit": gettext_lazy("A new person needs a commune or a district."),
    "cadre": gettext_lazy("A new person needs a cadre."),
}

# What tells people apart who come without a staff code: they get one by their place.
_NEEDED_WITHOUT_CODE = {
    "year_of_birth": gettext_lazy("A new person without a staff code needs a year of birth."),
}


def name_column(*, required: bool) -> NameColumn:
    return NameColumn(
        "full_name",
        gettext_lazy("Full name"),
        aliases=("Họ và tên", "Họ tên", "Họ và tên học viên", "Tên cán bộ", "Name"),
        required=required,
        widget=NameWidget(),
    )


class PersonRowResource(PlacesOfRows):
    """Any list whose rows each mean a person of the register: by code, phone, or name and place."""

    together_by = "full_name"

    full_name = name_column(required=False)
    staff_code = ImportColumn(
        "staff_code",
        gettext_lazy("Staff code"),
        aliases=("Mã cán bộ", "Mã CB", "Mã số", "Mã", "Code"),
        kind=CellKind.CODE,
        widget=StaffCodeWidget(),
    )
    phone = OptionalColumn(
        "phone",
        gettext_lazy("Phone number"),
        aliases=("Số điện thoại", "Điện thoại", "SĐT", "ĐT", "Di động", "Phone"),
        kind=CellKind.PHONE,
        widget=PhoneWidget(),
    )
    year_of_birth = OptionalColumn(
        "year_of_birth",
        gettext_lazy("Year of birth"),
        aliases=("Năm sinh", "Ngày sinh", "Ngày tháng năm sinh", "Sinh năm"),
        kind=CellKind.YEAR,
        widget=YearWidget(),
    )
    unit = PlaceColumn(
        "unit",
        gettext_lazy("Commune"),
        aliases=COMMUNE_NAMES,
        hints=("Địa chỉ",),
    )
    district = CommonColumn(
        "district",
        gettext_lazy("District"),
        aliases=DISTRICT_NAMES,
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self.register = PersonMatcher(by=by, candidate_scope=self.candidate_scope(by))
        self.not_kept = NotKept()

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        return User.objects.visible_to(by)

    def load(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            self.place(row, "district", "unit")
            keep_old_phone(row)
            tell_left_off(row)
        self.register.load([_match_keys(row) for row in rows])

    def foresee(self, planned: Sequence[PlannedRow]) -> list[str]:
        return self.not_kept.tell(self.columns())

    def resolve(self, row: SheetRow) -> int | None:
        """Return who is meant; else the candidates are noted in the row,
        or it means nobody we know.
        """
        pk = self._meant(row)
        if pk is not None and self.register.people[pk].is_minimal:
            self.not_kept.take_out(row)
        return pk

    def _meant(self, row: SheetRow) -> int | None:
        if row.choice is None:
            match = self.register.match(_match_keys(row))
            row.candidates = list(match.candidates)
            if match.pk is not None:
                self.register.leave_out_former(match.pk, row.values)
            return match.pk
        if row.choice == SOMEBODY_NEW:
            return None
        if row.choice not in self.register.visible:
            row.refuse("full_name", "not_visible", out_of_area())
            return None
        return row.choice

    def covers(self, unit: PlaceName) -> bool:
        return bool(self.by.scope.covers(unit.path, MANAGING_ROLES))


class PeopleResource(PersonRowResource):
    """A roster: each row is a person and the post held."""

    full_name = name_column(required=True)
    email = OptionalColumn(
        "email",
        gettext_lazy("E-mail"),
        aliases=("Email", "Thư điện tử", "Hộp thư"),
        widget=EmailWidget(),
    )
    sex = OptionalColumn(
        "sex",
        gettext_lazy("Sex"),
        aliases=("Giới tính", "Giới", "Nam/Nữ", "Nam, nữ"),
        kind=CellKind.SEX,
        widget=SexWidget(),
    )
    cadre = CommonColumn(
        "cadre",
        gettext_lazy("Cadre"),
        aliases=("Nhóm đối tượng", "Đối tượng", "Nhóm"),
        hints=("Chức danh", "Chức vụ", "Chức danh, chức vụ"),
        widget=CadreWidget(),
    )
    since = OptionalColumn(
        "since",
        gettext_lazy("In this post since"),
        aliases=("Từ ngày", "Ngày nhận việc", "Ngày bắt đầu", "Giữ chức danh từ ngày"),
        kind=CellKind.DATE,
        widget=DayWidget(),
    )
    guardian = guardian_column()
    consent_on = consent_day_column()
    phone_raw = ImportColumn("phone_raw", gettext_lazy("Phone number as received"), derived=True)

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._claims = Claims(self.register)

    def read_around(self, around: Surroundings) -> dict[str, str]:
        return super().read_around(around) | read_cadre(around=around, units=self.units)

    def load(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            settle_title(row=row, head=self.head_of(row), spellings=self.spellings)
            if speaks_of_minimal(row):
                self.not_kept.take_out(row)
        super().load(rows)
        for row in rows:
            settle_level(row)

    def find(self, row: SheetRow) -> PersonRecord | None:
        pk = self.resolve(row)
        spell(row, stored="" if pk is None else self.register.people[pk].full_name)
        if pk is None:
            call_by_code(row)
            return None
        if self.is_of_title(row, "unit"):
            keep_post(row=row, person=self.register.people[pk])
        return self._with_post(row, replace(self.register.people[pk]))

    def records(self, rows: Sequence[User]) -> list[PersonRecord]:
        """Return the people with the first post of today that the reader may see."""
        return told_people(rows=rows, register=self.register, by=self.by, day=self.day)

    def init_instance(self, row: Any = None) -> PersonRecord:
        return PersonRecord()

    def check(self, row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
        if record.pk is None:
            record.cadre = record.cadre or settle_cadre(row=row, head=self.head_of(row))
            self._check_new(row)
        else:
            self._check_known(row, record, original)
        warn_of_odd_name(row)
        check_kind(
            row=row, record=record, original=original, today=self.day, not_kept=self.not_kept
        )
        self._check_since(row, record, original)
        self._claims.check(row, record, original, reserved=self.reserved)
        self._check_area(row, record)
        if not row.errors:
            warn_of_nonsense(row=row, record=record, original=original, today=self.day)
            self._claims.warn_of_namesake(row, record)

    def claim(self, row: SheetRow, record: PersonRecord) -> None:
        self._claims.take(row, record)

    def lock(self, pks: Sequence[int]) -> None:
        lock_people(pks=pks)

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        rows = [RosterRow(plan.row.number, plan.instance, plan.original) for plan in planned]
        return write_people(rows=rows, by=self.by, on=self.day)

    # --- The rules of one row -----------------------------------------------

    def _with_post(self, row: SheetRow, person: PersonRecord) -> PersonRecord:
        """Choose the post that the row speaks of: the same one, or the only one."""
        unit, cadre = row.values.get("unit"), row.values.get("cadre")
        same = [
            post
            for post in person.posts
            if (unit is None or post.unit == unit) and (not cadre or post.cadre == cadre)
        ]
        chosen = next(iter(same or person.posts), None)
        if chosen is not None:
            person.post, person.unit, person.cadre = chosen, chosen.unit, chosen.cadre
            person.since = chosen.valid_from if row.values.get("since") else None
        if person.consent is not None:
            person.guardian = person.consent.guardian if row.values.get("guardian") else ""
            person.consent_on = person.consent.given_on if row.values.get("consent_on") else None
        if not same and len(person.posts) > 1:
            row.refuse(
                "unit",
                "several_posts",
                _("This person holds several posts: please record the move on the person's page."),
            )
        return person

    def _check_new(self, row: SheetRow) -> None:
        has_code = bool(row.cells.get("staff_code"))
        needed = _NEEDED if has_code else _NEEDED | _NEEDED_WITHOUT_CODE
        for name, sentence in needed.items():
            # A cell that was refused has its sentence.
            if not row.values.get(name) and not (row.cells.get(name) and row.errors):
                row.refuse(name, "missing", str(sentence))
        longer = self.register.longer_names(_match_keys(row)) if row.values.get("full_name") else []
        if longer:
            warn_of_longer(row, longer[0])
        if not has_code:
            row.notes["staff_code"] = _("A staff code will be assigned.")

    def _check_known(self, row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
        if record.pk not in self.register.visible:
            row.refuse(
                "staff_code" if row.cells.get("staff_code") else "phone",
                "not_visible",
                out_of_area(),
            )
            return
        if fold(original.full_name).startswith(f"{fold(record.full_name)} "):
            warn_of_longer(row, original.full_name)
        held = record.post
        if record.unit and not record.cadre:
            row.refuse("cadre", "post_incomplete", _("A post needs both a unit and a cadre."))
        if held is not None and (record.unit, record.cadre) != (held.unit, held.cadre):
            self._check_move(row, record, held)
        if not record.is_manageable and record != original:
            row.refuse(
                "full_name", "not_manageable", _("You may not change the record of this person.")
            )

    def _check_move(self, row: SheetRow, record: PersonRecord, held: HeldPost) -> None:
        if not self.covers(held.unit):
            row.refuse(
                "unit",
                "post_out_of_area",
                _("This person holds a post outside the area you look after."),
            )
            return
        with RefusalOnRow(row, "unit"):
            require_later(began=held.valid_from, on=row.values.get("since") or self.day)

    def _check_since(self, row: SheetRow, record: PersonRecord, original: PersonRecord) -> None:
        """Keep the day of a post that is held: it is history. A new post begins when it is told."""
        since, held = row.values.get("since"), record.post
        if held is not None and (record.unit, record.cadre) == (held.unit, held.cadre):
            record.since = original.since
            if since is not None and since != held.valid_from:
                row.warn(
                    "since",
                    _("The register has had this post since %(day)s and keeps that date.")
                    % {"day": vi_date(held.valid_from)},
                )
        elif since is not None and since > self.day:
            row.refuse("since", "future", _("This date is in the future."))
        elif record.unit is not None and record.cadre and not row.errors:
            new = NewPost(record.unit, record.cadre, since or self.day)
            with RefusalOnRow(row, "since" if since else "unit"):
                require_free(person=record, post=new)

    def _check_area(self, row: SheetRow, record: PersonRecord) -> None:
        unit: PlaceName | None = row.values.get("unit")
        if unit is not None and not self.covers(unit):
            row.refuse("unit", "out_of_area", _("This is outside the area you look after."))


def _match_keys(row: SheetRow) -> MatchKeys:
    values = row.values
    unit: PlaceName | None = values.get("unit")
    return MatchKeys(
        staff_code=values.get("staff_code", ""),
        full_name=values.get("full_name", ""),
        year_of_birth=values.get("year_of_birth"),
        phone=values.get("phone"),
        email=values.get("email"),
        unit_id=unit.pk if unit else None,
        is_minimal=speaks_of_minimal(row),
        without_marks=not any(map(has_marks, row.cells.values())),
    )


def told_by(row: SheetRow) -> str:
    """Return the cell that says who is meant."""
    told = (name for name in ("staff_code", "phone", "full_name") if row.cells.get(name))
    return next(told, "full_name")


def out_of_area() -> str:
    return _("This belongs to somebody outside the area you look after.")
