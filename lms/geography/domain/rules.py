"""What makes an edition whole: the same rules for the files of a folder and for one list.

Each rule tells what is wrong; who reads the files says in which line or cell that stands.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lms.geography.enums import Extent, Level
from lms.geography.models import AdministrativeUnit

# Which level may stand above: the newest edition has no districts.
_PARENT_LEVELS: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: (),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.COMMUNE: (Level.DISTRICT, Level.PROVINCE),
}
_FILLED = ("level", "code", "kind", "name")
# A code and a sentence.
_Fault = tuple[str, str]


@dataclass(frozen=True)
class ListedUnit:
    """A unit as a file has it; `number` is its line or row."""

    number: int
    level: str
    code: str
    kind: str
    name: str
    parent_code: str = ""

    @property
    def own_name(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Handover:
    """All or a part of a unit of the edition before went over to a unit of this one, by codes."""

    number: int
    from_code: str
    to_code: str
    extent: str


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line or row: the field, why, and a sentence without a capital."""

    number: int
    field: str
    code: str
    sentence: str


@dataclass(frozen=True)
class WrongCount:
    """Units of a level: how many were announced, and how many there are."""

    level: Level
    announced: int
    found: int


def empty_fields(*, unit: ListedUnit) -> list[str]:
    """Return the fields that a unit cannot be without, and is."""
    return [name for name in _FILLED if not getattr(unit, name)]


def unit_problems(*, units: Sequence[ListedUnit]) -> list[Problem]:
    """Return repeated codes, names that are too long, and units that stand where they cannot.

    The order of the units is free: a parent may stand below its child.
    """
    first: dict[str, ListedUnit] = {}
    problems: list[Problem] = []
    for unit in units:
        if unit.code and unit.code in first:
            sentence = _("the code %(code)s already appears on line %(line)s.")
            values = {"code": unit.code, "line": first[unit.code].number}
            problems.append(Problem(unit.number, "code", "repeated", sentence % values))
        first.setdefault(unit.code, unit)
    for unit in units:
        problems += _lengths(unit, first.get(unit.parent_code))
        problems += _parent(unit, first.get(unit.parent_code))
    return problems


def wrong_counts(
    *, units: Sequence[ListedUnit], announced: Mapping[Level, int]
) -> Iterator[WrongCount]:
    """Yield wrong counts: an edition has one province,
    and as many units of each level as it announces.
    """
    found = Counter(unit.level for unit in units)
    for level, count in {Level.PROVINCE: 1, **announced}.items():
        if found[level] != count:
            yield WrongCount(level, count, found[level])


def wrong_days(*, valid_from: date, valid_to: date | None) -> str:
    """Return a sentence when the edition ends before it begins, else nothing."""
    if valid_to is not None and valid_to < valid_from:
        return _("the edition ends before it begins.")
    return ""


def missing_unit(*, code: str, edition: str) -> str:
    return _("the unit %(unit)s is not in the edition %(code)s.") % {"unit": code, "code": edition}


def handover_problems(
    *,
    handovers: Sequence[Handover],
    before: str,
    former: Mapping[str, str],
    new: Mapping[str, str],
) -> list[Problem]:
    """Return former units that there are not, that are no communes,
    or that were handed over twice.

    `former` and `new` are levels by code, of the edition `before` and of this one.
    """
    problems: list[Problem] = []
    seen: dict[str, list[Handover]] = {}
    for one in handovers:
        others = seen.setdefault(one.from_code, [])
        if fault := _unknown(one, before, former, new) or _again(one, others):
            problems.append(Problem(one.number, one.extent, *fault))
        others.append(one)
    return problems


def _unknown(
    one: Handover, before: str, former: Mapping[str, str], new: Mapping[str, str]
) -> _Fault | None:
    if one.from_code not in former:
        return "unknown_unit", missing_unit(code=one.from_code, edition=before)
    if {former[one.from_code], new.get(one.to_code, Level.COMMUNE)} != {Level.COMMUNE}:
        sentence = _(
            "only communes have successors: districts and provinces follow their communes."
        )
        return "no_commune", sentence
    return None


def _again(one: Handover, others: Sequence[Handover]) -> _Fault | None:
    """Return what is wrong with a repeat: a unit that went over whole has one successor,
    and no pair stands twice.
    """
    for other in others:
        if other.to_code == one.to_code:
            sentence = _("this succession already appears on line %(line)s.")
            return "repeated", sentence % {"line": other.number}
        if Extent.WHOLE in (one.extent, other.extent):
            sentence = _("the unit %(unit)s was transferred whole and cannot have two successors.")
            return "transferred_whole", sentence % {"unit": one.from_code}
    return None


def display_name(*, unit: ListedUnit, parent: ListedUnit | None) -> str:
    """Return a commune with what stands above it, since names repeat inside a province."""
    if unit.level != Level.COMMUNE or parent is None:
        return unit.own_name
    return f"{unit.own_name}, {parent.own_name}"


def _lengths(unit: ListedUnit, parent: ListedUnit | None) -> Iterator[Problem]:
    texts = {name: getattr(unit, name) for name in ("code", "kind", "name")}
    if parent is not None:
        texts["display_name"] = display_name(unit=unit, parent=parent)
    for name, text in texts.items():
        most = AdministrativeUnit._meta.get_field(name).max_length
        if len(text) > most:
            sentence = _("this is too long: %(most)s characters at most.") % {"most": most}
            field = "name" if name == "display_name" else name
            yield Problem(unit.number, field, "too_long", sentence)
            return


def _parent(unit: ListedUnit, parent: ListedUnit | None) -> Iterator[Problem]:
    allowed = _PARENT_LEVELS.get(unit.level)
    if allowed is None:
        return
    if not allowed:
        if unit.parent_code:
            sentence = _("a province has no unit above it.")
            yield Problem(unit.number, "parent_code", "above_province", sentence)
    elif parent is None:
        sentence = _("the unit above, %(parent)s, is not in the file.")
        values = {"parent": unit.parent_code or "–"}
        yield Problem(unit.number, "parent_code", "unknown_parent", sentence % values)
    elif parent.level in _PARENT_LEVELS and parent.level not in allowed:
        sentence = _("the unit above, %(parent)s, is of the level “%(level)s”.")
        values = {"parent": unit.parent_code, "level": str(Level(parent.level).label)}
        yield Problem(unit.number, "parent_code", "wrong_level", sentence % values)
