"""What a row of people is taken in with all the same, and what a person should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from lms.accounts.enums import NO_CADRE, Cadre, SpellingKind
from lms.accounts.register.domain.phones import parse_phone
from lms.accounts.rosters.columns import PhoneWidget
from lms.accounts.rosters.domain.matching import PersonRecord
from lms.accounts.rosters.domain.titles import cadre_at, cadre_of_list, cadre_titled
from lms.core.display import vi_date
from lms.core.text import fold
from lms.geography.domain.finding import UnitIndex
from lms.geography.enums import Level
from lms.spreadsheets.import_rows import SheetRow, Surroundings
from lms.spreadsheets.spellings import Spellings

#: What a couple may share; only one of them can have it on the register.
SHARED: Final = ("phone", "email")
_LONGEST_RAW: Final = 50
# Decision 267/QĐ-TTg, the national programme whose collaborators the register began with.
PROGRAMME_BEGAN: Final = date(2011, 2, 22)
# Nobody younger or older is found in such a post; a child of the core groups grows up in it.
_AGES: Final = range(16, 86)
_AGES_OF_CHILDREN: Final = range(5, 20)


@dataclass(frozen=True)
class Taker:
    """The row that has taken a code, a phone or a place, and who is named in it."""

    where: str
    called: str
    has_code: bool


def keep_old_phone(row: SheetRow) -> None:
    """Keep a number that was right once as it came; a person looks after it."""
    text = str(row.values.get("phone") or "")
    problem = parse_phone(text).problem if text else None
    if problem is not None:
        row.values["phone"] = None
        row.values["phone_raw"] = text[:_LONGEST_RAW]
        row.warn(
            "phone",
            _("%(reason)s It is kept as received: “%(value)s”.")
            % {"reason": problem.label, "value": text},
        )


def keep_post(*, row: SheetRow, person: PersonRecord) -> None:
    """Leave out the commune of the list's title for somebody whose posts are elsewhere.

    It says of whom the list is, and not that anybody has moved.
    """
    unit = row.values.get("unit")
    if unit is None or not person.posts or any(held.unit == unit for held in person.posts):
        return
    del row.values["unit"]
    row.cells["unit"] = ""
    row.warn(
        "unit",
        _(
            "The title of the list names %(unit)s; this person keeps the post at %(post)s. To "
            "record a move, name the commune in the row."
        )
        % {"unit": unit, "post": person.posts[0].unit},
    )


def go_in_without(
    row: SheetRow, record: PersonRecord, original: PersonRecord, *, name: str, because: str
) -> None:
    """Leave out what belongs to somebody else: a couple with one phone goes in, both of them."""
    text = PhoneWidget().render(row.values[name])
    row.values[name] = None
    setattr(record, name, getattr(original, name))
    row.warn(name, _("%(reason)s “%(value)s” is left out.") % {"reason": because, "value": text})


def warn_of_nonsense(
    *, row: SheetRow, record: PersonRecord, original: PersonRecord, today: date
) -> None:
    """Warn of a birth that fits no such post, and of a post from before there were any."""
    year = record.year_of_birth
    ages = _AGES_OF_CHILDREN if record.cadre == Cadre.CORE_CHILD else _AGES
    if year and year != original.year_of_birth and today.year - year not in ages:
        row.warn(
            "year_of_birth",
            _("Born in %(year)s, this person would be %(age)s years old: please check the year.")
            % {"year": str(year), "age": str(today.year - year)},
        )
    since = row.values.get("since")
    if since is not None and since < PROGRAMME_BEGAN and record.since != original.since:
        row.warn(
            "since",
            _("This is before the programme began on %(day)s: please check the date.")
            % {"day": vi_date(PROGRAMME_BEGAN)},
        )


def warn_of_longer(row: SheetRow, name: str) -> None:
    """Warn that the register has a longer name for this person."""
    row.warn(
        "full_name",
        _(
            "The register has “%(name)s”: the last word is missing here. If the given names stand "
            "in a column of their own, name the columns again and choose both."
        )
        % {"name": name},
    )


def same_as_row(where: str) -> str:
    return _(
        "Row %(number)s has the same name, year of birth and place. If this is somebody else, say "
        "so; otherwise this row is left out."
    ) % {"number": where}


def namesake_key(record: PersonRecord) -> tuple[str, int] | None:
    """Return name and year of birth, as far as people are told apart by them."""
    year = record.year_of_birth
    return (fold(record.full_name), year) if year and record.full_name else None


def settle_title(*, row: SheetRow, head: Sequence[str], spellings: Spellings) -> None:
    """Take a title that says nothing of a cadre, such as “Trưởng thôn”, as a person has said,
    else as the list's own title says.
    """
    if "cadre" not in row.errors:
        return
    text = row.cells["cadre"]
    of_list = cadre_of_list(head)
    told = spellings.meaning(SpellingKind.CADRE, text)
    if told is not None:
        meant = "" if told == NO_CADRE else told
        del row.errors["cadre"]
        row.values["cadre"] = meant
        row.notes["cadre"] = _("“%(text)s” is taken as %(meant)s, as you have said.") % {
            "text": text,
            "meant": Cadre(meant).label if meant else "–",
        }
    elif of_list is not None:
        del row.errors["cadre"]
        row.values["cadre"] = of_list.value
        row.warn(
            "cadre",
            _("“%(text)s” is no cadre: taken as %(cadre)s, as the title of the list says.")
            % {"text": text, "cadre": of_list.label},
        )
    else:
        spellings.ask(SpellingKind.CADRE, text)


def read_cadre(*, around: Surroundings, units: UnitIndex) -> dict[str, str]:
    """Return the cadre that the group or the name of the sheet tells, the nearest first.

    “Phong …” is a commune, “Phòng …” an office.
    """
    for text in (*reversed(around.groups), around.sheet):
        cadre = cadre_titled(text)
        if cadre is not None and not any(units.called(text, level) for level in Level):
            return {"cadre": str(cadre.label)}
    return {}


def settle_level(row: SheetRow) -> None:
    """Tell officers of a district from those of a commune by the unit, where the title does not."""
    unit, cadre = row.values.get("unit"), row.values.get("cadre")
    if unit and cadre:
        title = row.cells.get("cadre", "")
        row.values["cadre"] = cadre_at(title=title, cadre=cadre, level=unit.level)


def settle_cadre(*, row: SheetRow, head: Sequence[str]) -> str:
    """Return the cadre of somebody new of whom the title of the list alone tells it."""
    cadre = None if row.cells.get("cadre") else cadre_of_list(head)
    if cadre is None:
        return ""
    row.values["cadre"] = cadre.value
    row.notes["cadre"] = _("%(cadre)s, as the title of the list says.") % {"cadre": cadre.label}
    return cadre.value
