"""The area of a unit on every map, and its place there, recorded: what lies in what, as a query."""

from collections.abc import Iterable

from django.db.models import Q

from lms.geography.domain.succession import Atlas
from lms.geography.models import AdministrativeUnit, UnitCover, UnitPlace


def record_areas() -> int:
    """Work out anew which units lie in which, and where each stands on every other map; return the
    number of pairs. The caller's transaction.
    """
    atlas = Atlas()
    record_places(atlas)
    UnitCover.objects.all().delete()
    pairs = atlas.covers()
    return len(
        UnitCover.objects.bulk_create(
            (UnitCover(unit_id=unit, covered_id=other) for unit, other in pairs), batch_size=1000
        )
    )


def record_places(atlas: Atlas) -> None:
    """Write where each unit of each edition stands on every other. The caller's transaction."""
    UnitPlace.objects.all().delete()
    UnitPlace.objects.bulk_create(
        (
            UnitPlace(unit_id=unit, edition_id=edition, target_id=target, has_tier=has_tier)
            for unit, edition, target, has_tier in atlas.places()
        ),
        batch_size=1000,
    )


def area_q(*, unit: AdministrativeUnit, unit_field: str) -> Q:
    """Return rows that stand on the unit, below it, or on what lies in it on another map;
    one query.
    """
    covered = UnitCover.objects.filter(unit=unit).values_list("covered__path", flat=True)
    return paths_q(paths=[unit.path, *covered], unit_field=unit_field)


def paths_q(*, paths: Iterable[str], unit_field: str) -> Q:
    """Return rows whose unit stands at one of these paths or below it."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{unit_field}__path__startswith": path})
    return found
