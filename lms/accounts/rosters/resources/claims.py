"""What the rows of a list of people have taken so far, which no later row may take as well."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lms.accounts.rosters.domain.matching import PersonMatcher, PersonRecord
from lms.accounts.rosters.resources.doubts import (
    SHARED,
    Taker,
    go_in_without,
    namesake_key,
    same_as_row,
)
from lms.core.text import spoken
from lms.spreadsheets.import_rows import SOMEBODY_NEW, SheetRow


class Claims:
    """Codes, phones, addresses and people, each with the row that has them."""

    def __init__(self, register: PersonMatcher) -> None:
        self._register = register
        #: By column and value: the row that took it.
        self._taken: dict[tuple[str, Any], Taker] = {}
        #: By name and year: the first row that is called so.
        self._namesakes: dict[tuple[str, int], Taker] = {}

    def take(self, row: SheetRow, record: PersonRecord) -> None:
        taker = Taker(row.where, spoken(record.full_name), bool(row.values.get("staff_code")))
        for key in _keys(row, record):
            self._taken[key] = taker
        if namesake := namesake_key(record):
            self._namesakes.setdefault(namesake, taker)

    def check(
        self,
        row: SheetRow,
        record: PersonRecord,
        original: PersonRecord,
        *,
        reserved: Mapping[int, str],
    ) -> None:
        """Refuse, leave out or ask about what somebody of the register or another row has."""
        for name in ("phone", "email"):
            value = row.values.get(name)
            holder = self._register.holder(**{name: value}) if value else None
            if holder is not None and holder != record.pk:
                told = _("Somebody else on the register already has this.")
                go_in_without(row, record, original, name=name, because=told)
        for name, value in _keys(row, record):
            taken = self._taken.get((name, value))
            if name == "person":
                self._check_person(row, record, taken, reserved)
            elif taken is not None:
                told = _("Same as row %(number)s.") % {"number": taken.where}
                if name not in SHARED or taken.called == spoken(record.full_name):
                    row.refuse(name, "same_row", told)
                    return
                go_in_without(row, record, original, name=name, because=told)

    def _check_person(
        self,
        row: SheetRow,
        record: PersonRecord,
        taken: Taker | None,
        reserved: Mapping[int, str],
    ) -> None:
        """Ask where another row means this person too, unless somebody has said who it is, or both
        are new and each has a code of its own.
        """
        where = taken.where if taken else ""
        if row.choice is None and record.pk is not None:
            where = where or reserved.get(record.pk, "")
        if not where or row.choice == SOMEBODY_NEW:
            return
        if row.choice is not None:
            row.refuse("full_name", "same_row", _("Same as row %(number)s.") % {"number": where})
        elif record.pk is not None or not (taken and taken.has_code and record.staff_code):
            row.same_as = where
            row.candidates = [record.pk] if record.pk is not None else []
            row.warn("full_name", same_as_row(where))

    def warn_of_namesake(self, row: SheetRow, record: PersonRecord) -> None:
        """Warn of the same letters and year in another row: one person with two posts, perhaps, or
        a tone that was mistyped.
        """
        namesake = namesake_key(record)
        other = self._namesakes.get(namesake) if namesake else None
        if other is None or row.choice is not None or row.same_as:
            return
        sentence = _(
            "Row %(number)s has the same name and year of birth. If this is one person with two "
            "posts, import only one row and add the other post on the person's page."
        )
        if other.called != spoken(record.full_name):
            sentence = _(
                "Row %(number)s has a name with other tones and the same year of birth: please check "
                "that these are two people."
            )
        row.warn("full_name", sentence % {"number": other.where})


def _keys(row: SheetRow, record: PersonRecord) -> list[tuple[str, Any]]:
    """Return what no later row may bring again."""
    keys = [(name, row.values.get(name)) for name in ("staff_code", "phone", "email")]
    if record.pk is not None:
        keys.append(("person", record.pk))
    elif record.unit is not None:
        same = (spoken(record.full_name), record.year_of_birth, record.unit.pk)
        keys.append(("person", same))
    return [(name, value) for name, value in keys if value]
