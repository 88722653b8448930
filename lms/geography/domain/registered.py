"""What the register has of an edition, for the comparison with what files and lists say."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.geography.domain.rules import ListedUnit
from lms.geography.enums import Extent
from lms.geography.models import AdministrativeUnit, BoundaryEdition, UnitSuccession

#: Codes of former units, by extent.
Former = dict[str, list[str]]


@dataclass(frozen=True)
class RegisteredUnit:
    """`first_name`: kind and name before they were corrected, else nothing."""

    pk: int
    listed: ListedUnit
    first_name: str = ""


def registered_units(*, edition: BoundaryEdition) -> dict[str, RegisteredUnit]:
    """Return the units of the edition by code, each above those below it; one query."""
    rows = AdministrativeUnit.objects.filter(edition=edition).values_list(
        "path", "pk", "level", "code", "kind", "name", "first_name"
    )
    code_at: dict[str, str] = {}
    units: dict[str, RegisteredUnit] = {}
    for path, pk, level, code, kind, name, first_name in rows:
        code_at[path] = code
        above = code_at.get(path[: -AdministrativeUnit.steplen], "")
        listed = ListedUnit(0, level, code, kind, name, above)
        units[code] = RegisteredUnit(pk, listed, first_name)
    return units


def former_units(*, edition: BoundaryEdition) -> dict[str, Former]:
    """Return, by code of a unit, what it was made of, in the order of the codes; one query."""
    found: dict[str, Former] = defaultdict(lambda: {extent: [] for extent in Extent.values})
    rows = UnitSuccession.objects.filter(to_unit__edition=edition).order_by("from_unit__code")
    for code, former, extent in rows.values_list("to_unit__code", "from_unit__code", "extent"):
        found[code][extent].append(former)
    return found


def is_another(*, unit: ListedUnit, known: RegisteredUnit | None, edition: str) -> str:
    """Return a sentence when the edition stands in the register without this unit,
    else nothing.

    A code means one place: it never changes its level or what stands above it.
    """
    values = {"edition": edition, "code": unit.code}
    if known is None:
        return (
            _("the edition %(edition)s has already been loaded without a unit %(code)s.") % values
        )
    if (unit.level, unit.parent_code) != (known.listed.level, known.listed.parent_code):
        sentence = _(
            "the edition %(edition)s has already been loaded, and its unit %(code)s is different."
        )
        return sentence % values
    return ""


def other_first_day(*, edition: str) -> str:
    sentence = _("the edition %(code)s has already been loaded with a different first day.")
    return sentence % {"code": edition}


def other_succession() -> str:
    return _("both editions have already been loaded without this succession.")
