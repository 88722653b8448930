"""Which unit a text in a list means: a code of the statistics office or a name, marks or none."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit

# What stands before a name in a list; the official kind is tried as well.
_KINDS = ("thi tran", "thi xa", "thanh pho", "phuong", "huyen", "quan", "xa", "tinh", "tt", "tp")


@dataclass(frozen=True)
class PlaceName:
    """A unit as far as a list needs it."""

    pk: int
    path: str
    level: str
    code: str
    name: str
    display_name: str

    def __str__(self) -> str:
        return self.display_name


def place_name(unit: AdministrativeUnit) -> PlaceName:
    return PlaceName(unit.pk, unit.path, unit.level, unit.code, unit.name, unit.display_name)


class UnitIndex:
    """The units of one edition by code and by folded name; one query."""

    def __init__(self, edition_id: int | None) -> None:
        self._by_code: dict[str, list[PlaceName]] = defaultdict(list)
        self._by_name: dict[str, list[PlaceName]] = defaultdict(list)
        units = AdministrativeUnit.objects.filter(edition=edition_id)
        for pk, path, level, code, name, display_name in units.values_list(
            "pk", "path", "level", "code", "name", "display_name"
        ):
            unit = PlaceName(pk, path, level, code, name, display_name)
            self._by_code[code].append(unit)
            for text in {fold(name), _words(display_name)}:
                self._by_name[text].append(unit)

    def find(
        self, text: str, *, level: Level | None = None, within: PlaceName | None = None
    ) -> PlaceName:
        """Find the one unit that is meant, of this level and inside this unit
        where these are given.

        Raises Refusal: `unit_unknown`, `unit_ambiguous`.
        """
        found = [
            unit
            for unit in self._candidates(text)
            if (level is None or unit.level == level)
            and (within is None or unit.path.startswith(within.path))
        ]
        if not found:
            raise Refusal(
                "unit_unknown",
                _("There is no place named “%(text)s” on the chosen map.") % {"text": text},
            )
        if len(found) > 1:
            raise Refusal(
                "unit_ambiguous",
                _("There are several places named “%(text)s”: please give the district as well.")
                % {"text": text},
            )
        return found[0]

    def _candidates(self, text: str) -> list[PlaceName]:
        by_code = self._by_code.get(text.strip()) or self._by_code.get(text.strip().zfill(5))
        if by_code:
            return by_code
        return self._by_name.get(_words(text)) or self._by_name.get(_bare(text), [])


def _words(text: str) -> str:
    """Return the words folded and without punctuation:
    “Xã Đức Lý, huyện Lý Nhân” is “xa duc ly huyen ly nhan”.
    """
    return " ".join(fold(text).replace(",", " ").replace(".", " ").replace("-", " ").split())


def _bare(text: str) -> str:
    words = _words(text)
    for kind in _KINDS:
        if words.startswith(f"{kind} "):
            return words.removeprefix(f"{kind} ")
    return words
