"""An edition as one list: held against the rules of an edition and against the register."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.display import vi_date
from lms.geography.domain.naming import full_code, known_code
from lms.geography.domain.registered import (
    Former,
    RegisteredUnit,
    former_units,
    is_another,
    other_first_day,
    other_succession,
    registered_units,
)
from lms.geography.domain.rules import (
    Handover,
    ListedUnit,
    Problem,
    empty_fields,
    handover_problems,
    unit_problems,
    wrong_counts,
    wrong_days,
)
from lms.geography.domain.writing import EditionFacts
from lms.geography.enums import Extent, Level
from lms.geography.models import BoundaryEdition

#: What a list says of the edition as a whole: told in one row, or the same in all.
FACTS = ("valid_from", "valid_to", "legal_basis", "districts", "communes")
#: Of these a list may correct what the register has.
CORRECTED_FACTS = ("valid_to", "legal_basis")
_COUNTED = {Level.DISTRICT: "districts", Level.COMMUNE: "communes"}
# As many codes are told of those that are left out.
_CODES_TOLD = 5


@dataclass(frozen=True)
class ListRow:
    """What one row says: `facts` of the edition, the unit, and codes of former units by extent."""

    number: int
    edition: str
    facts: Mapping[str, Any]
    unit: ListedUnit
    former: Mapping[str, Sequence[str]]


@dataclass
class EditionList:
    """The list beside the register. `head` is the row that speaks for the edition as a whole."""

    code: str
    rows: list[ListRow]
    facts: dict[str, Any]
    edition: BoundaryEdition | None
    before: BoundaryEdition | None
    known: dict[str, RegisteredUnit]
    former: dict[str, Former]
    levels_before: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def head(self) -> ListRow:
        provinces = (row for row in self.rows if row.unit.level == Level.PROVINCE)
        return next(provinces, self.rows[0])

    @property
    def units(self) -> list[ListedUnit]:
        return [row.unit for row in self.rows]

    @property
    def handovers(self) -> list[Handover]:
        return [
            Handover(row.number, code, row.unit.code, extent)
            for row in self.rows
            for extent, codes in row.former.items()
            for code in codes
        ]

    def as_facts(self) -> EditionFacts:
        """Return the facts of a list without problems."""
        told = self.facts
        return EditionFacts(
            self.code, told["valid_from"], told.get("valid_to"), told["legal_basis"]
        )


def judge_list(*, rows: Sequence[ListRow]) -> EditionList:
    """Find the edition that the list means, complete its codes, and tell what is wrong in it.

    Of an edition that is registered a list may hold some units only, and cells may be empty: what
    is not said stays. Three queries, whatever the number of rows.
    """
    judged = _beside_the_register(rows)
    judged.problems += _of_one_edition(judged)
    if judged.edition is None:
        judged.problems += _new(judged)
        judged.warnings += _left_behind(judged)
    else:
        judged.problems += _registered(judged)
        judged.warnings += _left_out(judged)
    return judged


def _beside_the_register(rows: Sequence[ListRow]) -> EditionList:
    code = next((row.edition for row in rows if row.edition), "")
    editions = list(BoundaryEdition.objects.order_by("valid_from"))
    edition = next((one for one in editions if one.code == code), None)
    known = registered_units(edition=edition) if edition else {}
    before = editions[-1] if editions and edition is None else None
    levels = dict(before.units.values_list("code", "level")) if before else {}
    former = former_units(edition=edition) if edition else {}
    facts: dict[str, Any] = {}
    for row in rows:
        facts = {**row.facts, **facts}
    if edition is None and "valid_from" not in facts and (day := _as_day(code)):
        facts["valid_from"] = day
    return EditionList(
        code=code,
        rows=_with_full_codes(rows, known, levels.keys() | _codes_in(former)),
        facts=facts,
        edition=edition,
        before=before,
        known=known,
        former=former,
        levels_before=levels,
    )


def _with_full_codes(
    rows: Sequence[ListRow], known: Mapping[str, RegisteredUnit], before: Collection[str]
) -> list[ListRow]:
    """Put back zeros that a table has lost, and fill empty cells of known units."""
    units = [
        replace(row.unit, code=full_code(code=row.unit.code, level=row.unit.level)) for row in rows
    ]
    codes = {unit.code for unit in units} | known.keys()
    return [
        replace(
            row,
            unit=_completed(unit, codes, known),
            former={
                extent: [known_code(code=code, among=before) for code in told]
                for extent, told in row.former.items()
            },
        )
        for row, unit in zip(rows, units, strict=True)
    ]


def _codes_in(former: Mapping[str, Former]) -> set[str]:
    return {code for one in former.values() for codes in one.values() for code in codes}


def _completed(
    unit: ListedUnit, codes: Collection[str], known: Mapping[str, RegisteredUnit]
) -> ListedUnit:
    code = known_code(code=unit.code, among=known)
    stored = known[code].listed if code in known else unit
    return replace(
        unit,
        code=code,
        parent_code=known_code(code=unit.parent_code, among=codes) or stored.parent_code,
        **{
            name: getattr(unit, name) or getattr(stored, name) for name in ("level", "kind", "name")
        },
    )


def _of_one_edition(judged: EditionList) -> Iterator[Problem]:
    """Yield what breaks the rules for any list: one edition, its facts told once or alike,
    days in order.
    """
    if not judged.code:
        sentence = _("please say which edition this is, such as 2025-07-01.")
        yield Problem(judged.head.number, "edition", "edition_missing", sentence)
    for row in judged.rows:
        if row.edition not in ("", judged.code):
            sentence = _("a list holds one edition, and this one is for %(code)s.")
            values = {"code": judged.code}
            yield Problem(row.number, "edition", "other_edition", sentence % values)
        for name, value in row.facts.items():
            if value != judged.facts[name]:
                sentence = _("another row of the list says: %(value)s.")
                values = {"value": _shown(judged.facts[name])}
                yield Problem(row.number, name, "contradicts", sentence % values)
    edition = judged.edition
    valid_from = edition.valid_from if edition else judged.facts.get("valid_from")
    if valid_from is not None:
        valid_to = judged.facts.get("valid_to")
        if sentence := wrong_days(valid_from=valid_from, valid_to=valid_to):
            yield Problem(judged.head.number, "valid_to", "ends_too_early", sentence)


def _new(judged: EditionList) -> Iterator[Problem]:
    """Yield what breaks the rules for an edition that is not registered yet:
    it has to be whole.
    """
    yield from _facts_of_a_new_one(judged)
    for unit in judged.units:
        for name in empty_fields(unit=unit):
            yield _empty(unit, name)
    yield from unit_problems(units=judged.units)
    yield from _counts(judged, judged.units)
    handovers = judged.handovers
    if judged.before is None:
        for one in handovers:
            sentence = _("there is no edition before this one.")
            yield Problem(one.number, one.extent, "no_edition_before", sentence)
        return
    yield from handover_problems(
        handovers=handovers,
        before=judged.before.code,
        former=judged.levels_before,
        new={unit.code: unit.level for unit in judged.units},
    )


def _empty(unit: ListedUnit, name: str) -> Problem:
    return Problem(unit.number, name, "empty", _("this has to be filled in."))


def _facts_of_a_new_one(judged: EditionList) -> Iterator[Problem]:
    head, told = judged.head.number, judged.facts
    for name in ("valid_from", "legal_basis", "districts", "communes"):
        if name not in told:
            sentence = _("a new edition needs this in at least one row.")
            yield Problem(head, name, "needed", sentence)
    newest = judged.before
    if newest is not None and "valid_from" in told and told["valid_from"] <= newest.valid_from:
        sentence = _("a new edition must begin after the newest one on record, of %(day)s.")
        values = {"day": _shown(newest.valid_from)}
        yield Problem(head, "valid_from", "not_newest", sentence % values)


def _registered(judged: EditionList) -> Iterator[Problem]:
    """Yield what breaks the rules for an edition that facts may stand on: names are corrected,
    no more.
    """
    edition = judged.edition
    assert edition is not None  # noqa: S101 (asked by the caller)
    if judged.facts.get("valid_from", edition.valid_from) != edition.valid_from:
        sentence = other_first_day(edition=edition.code)
        yield Problem(judged.head.number, "valid_from", "other_first_day", sentence)
    for unit in judged.units:
        known = judged.known.get(unit.code)
        if not unit.code:
            yield _empty(unit, "code")
        elif sentence := is_another(unit=unit, known=known, edition=edition.code):
            code = "other_unit" if known else "unknown_unit"
            yield Problem(unit.number, "code", code, sentence)
    units = _all_units(judged)
    for problem in unit_problems(units=units):
        # What stands above is compared with the register, unit by unit.
        if problem.number and problem.field != "parent_code":
            yield problem
    yield from _counts(judged, list({unit.code: unit for unit in units}.values()))
    yield from _other_successions(judged)


def _other_successions(judged: EditionList) -> Iterator[Problem]:
    """Yield forbidden corrections of what a unit was made of:
    figures of several years stand on it.
    """
    for row in judged.rows:
        stored = judged.former.get(row.unit.code, {})
        for extent, codes in row.former.items():
            if codes and sorted(codes) != stored.get(extent, []):
                yield Problem(row.number, extent, "other_succession", other_succession())


def _all_units(judged: EditionList) -> list[ListedUnit]:
    """Return those of the list, then those of the register that it does not speak of."""
    listed = {unit.code for unit in judged.units}
    others = (known.listed for code, known in judged.known.items() if code not in listed)
    return [*judged.units, *others]


def _counts(judged: EditionList, units: Sequence[ListedUnit]) -> Iterator[Problem]:
    announced = {
        level: judged.facts[name] for level, name in _COUNTED.items() if name in judged.facts
    }
    for wrong in wrong_counts(units=units, announced=announced):
        values = {"announced": wrong.announced, "found": wrong.found}
        if wrong.level == Level.PROVINCE:
            sentence = _("an edition has one province; this list has %(found)s.")
            yield Problem(judged.head.number, "level", "one_province", sentence % values)
        else:
            sentence = _("%(announced)s are declared, but there are %(found)s.")
            field = _COUNTED[wrong.level]
            yield Problem(judged.head.number, field, "wrong_count", sentence % values)


def _left_behind(judged: EditionList) -> Iterator[Problem]:
    """Yield communes that nothing is carried over from, or to."""
    if judged.before is None:
        return
    taken = {one.from_code for one in judged.handovers}
    communes = {code for code, level in judged.levels_before.items() if level == Level.COMMUNE}
    if left := sorted(communes - taken):
        sentence = ngettext(
            "%(count)s commune of the previous edition does not pass to any unit in this list: "
            "%(codes)s.",
            "%(count)s communes of the previous edition do not pass to any unit in this list: "
            "%(codes)s.",
            len(left),
        )
        yield Problem(judged.head.number, "edition", "left_behind", sentence % _told(left))
    for row in judged.rows:
        if row.unit.level == Level.COMMUNE and not any(row.former.values()):
            sentence = _("no former unit is given: nothing is carried over to this unit.")
            yield Problem(row.number, Extent.WHOLE, "no_former_unit", sentence)


def _left_out(judged: EditionList) -> Iterator[Problem]:
    if left := sorted(judged.known.keys() - {unit.code for unit in judged.units}):
        sentence = ngettext(
            "%(count)s unit of this edition is not in the list and stays as it is: %(codes)s.",
            "%(count)s units of this edition are not in the list and stay as they are: %(codes)s.",
            len(left),
        )
        yield Problem(judged.head.number, "edition", "left_out", sentence % _told(left))


def _told(codes: Sequence[str]) -> dict[str, Any]:
    more = ["…"] if len(codes) > _CODES_TOLD else []
    return {"count": len(codes), "codes": ", ".join([*codes[:_CODES_TOLD], *more])}


def _shown(value: Any) -> str:
    return vi_date(value) if isinstance(value, date) else str(value)


def _as_day(code: str) -> date | None:
    try:
        return date.fromisoformat(code)
    except ValueError:
        return None
