"""A list of units that is undone: a new edition goes as a whole, corrected names come back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.change_journal import compare, standing_on
from lms.core.display import vi_date
from lms.core.refusal import Refusal
from lms.core.take_back import DELETED_SINCE
from lms.geography.domain.areas import record_areas
from lms.geography.domain.writing import (
    Correction,
    correct_facts,
    correct_names,
    hold_editions,
)
from lms.geography.models import (
    AdministrativeUnit,
    BoundaryEdition,
    UnitCover,
    UnitPlace,
    UnitSuccession,
)

CHANGED_SINCE = gettext_lazy("This has been changed since.")
# What belongs to an edition itself.
_OWN = (AdministrativeUnit, UnitSuccession, UnitCover, UnitPlace)


@dataclass(frozen=True)
class WrittenUnit:
    """What a list wrote about a unit: [old, new] by field, facts of the edition among them."""

    pk: int
    fields: Mapping[str, list[Any]]
    facts: Mapping[str, list[Any]]


def take_back_edition(*, unit_ids: list[int]) -> None:
    """Take a new edition off the register with all its units.

    It goes while nothing stands on it and nothing was changed in it: no post, class, role or
    target, no later edition, and it is not in use. Raises Refusal: `edition_deleted`, and those of
    `_require_unused`. The caller holds the transaction.
    """
    editions = hold_editions()
    units = AdministrativeUnit.objects.filter(pk__in=unit_ids)
    found = set(units.values_list("edition", flat=True))
    edition = next((one for one in editions if one.pk in found), None)
    if edition is None:
        raise Refusal("edition_deleted", _("The edition has been deleted since."))
    _require_unused(edition, editions)
    AdministrativeUnit._base_manager.filter(edition=edition).delete()
    edition.delete()
    record_areas()


def take_back_corrections(*, written: list[WrittenUnit]) -> dict[int, str]:
    """Give names and facts of an edition their old values; by unit why something was left.

    What was changed again since stays as it is. The caller holds the transaction.
    """
    hold_editions()
    units = AdministrativeUnit.objects.select_related("edition").in_bulk(
        [one.pk for one in written]
    )
    left = {one.pk: str(DELETED_SINCE) for one in written if one.pk not in units}
    back: list[Correction] = []
    for one in written:
        unit = units.get(one.pk)
        if unit is None:
            continue
        correction, stays = _names_back(unit, one)
        back += [correction] if correction else []
        if _facts_back(unit.edition, one) or stays:
            left[one.pk] = str(CHANGED_SINCE)
    if back:
        correct_names(edition=units[back[0].pk].edition, corrections=back)
    return left


def _require_unused(edition: BoundaryEdition, editions: list[BoundaryEdition]) -> None:
    """Refuse an edition that is in use, that another continues from, whose names were corrected, or
    on which other records depend.
    """
    units = edition.units.all()
    if edition.in_use_from is not None:
        code, reason = (
            "edition_in_use",
            _("it has been in use since %(day)s") % {"day": vi_date(edition.in_use_from)},
        )
    elif editions[-1] != edition:
        code, reason = "edition_continued", _("a later edition continues from it")
    elif units.exclude(first_name="").exists():
        code, reason = "names_corrected", _("names in it have been corrected since")
    elif records := _standing_on(edition):
        code = "edition_depended_on"
        reason = _("other records depend on it: %(records)s") % {"records": ", ".join(records)}
    else:
        return
    sentence = _("The edition %(code)s is kept with all its units: %(reason)s.")
    raise Refusal(code, sentence % {"code": edition.code, "reason": reason})


def _standing_on(edition: BoundaryEdition) -> list[str]:
    """Return what kinds of records of other apps point at the edition or at one of its units."""
    units = list(edition.units.values_list("pk", flat=True))
    standing = standing_on(model=BoundaryEdition, pks=[edition.pk], besides=_OWN)
    standing |= standing_on(model=AdministrativeUnit, pks=units, besides=_OWN)
    return sorted(set().union(*standing.values()))


def _names_back(unit: AdministrativeUnit, one: WrittenUnit) -> tuple[Correction | None, bool]:
    """Return the old names as far as they still are what was written,
    and whether some are not.
    """
    now = Correction(unit.pk, unit.kind, unit.name)
    old, changed = compare(unit, one.fields)
    return (replace(now, **old) if old else None), bool(changed)


def _facts_back(edition: BoundaryEdition, one: WrittenUnit) -> bool:
    """Write the old facts; whether some of them were changed since and stay."""
    old, changed = compare(edition, one.facts)
    if old:
        correct_facts(edition=edition, facts=old)
    return bool(changed)
