"""What the rows of a report of whole regions ask of the kept figures of communes."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Left

from lms.core.compiled_queries import CompiledQuery
from lms.core.counting import count_of
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import NO_UNIT
from lms.reporting.domain.remembered import RememberedQuery
from lms.reporting.domain.tally_sums import STATES
from lms.reporting.models import TallyPlace

#: So many of the latest communes of a region that no class has reached are found.
NAMED: Final = 3
#: Which these are: whether nobody is in any class, and their place among those.
_LATEST: Final = ((False, 0), *((True, place) for place in range(NAMED)))
_STEP: Final = AdministrativeUnit.steplen
#: Behind every path, in the order of paths.
_LAST: Final = "~"
_COLUMNS: Final = ("path", "communes", *(f"latest_{at}" for at in range(len(_LATEST))))


def _counted(
    depth: int,
    cadre: str,
    *,
    programme: int,
    course: int,
    edition: int,
    regions: list[int],
    changed: list[int],
) -> QuerySet[Any, Any]:
    """Return each region, whose path is so long: its path, its communes that have not changed, and the latest of
    these, by their ids.
    """
    late = TallyPlace.objects.filter(
        ~Q(path=""),
        ~Q(unit__among=changed),
        programme=programme,
        course=course,
        cadre=cadre,
        late__gt=0,
    )
    told = late.annotate(province=Left("path", _STEP), region=Left("path", depth))
    # By the province first: the index knows the communes of each in this order.
    here = told.filter(province=Left(OuterRef("path"), _STEP), region=OuterRef("path"))
    in_order = here.order_by("-late_share", "-late", "path").values("unit")
    first = {
        f"latest_{at}": Subquery(in_order.filter(is_unreached=kind)[place : place + 1])
        for at, (kind, place) in enumerate(_LATEST)
    }
    inside = Q(path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value(_LAST)))
    of_map = AdministrativeUnit.objects.filter(edition=edition, level=Level.COMMUNE)
    number = count_of(of_map.filter(inside, ~Q(pk__among=changed)))
    rows = AdministrativeUnit.objects.filter(pk__among=regions).order_by()
    return rows.annotate(communes=number, **first)


def _rows(*shape: Any, **values: Any) -> QuerySet[Any, Any]:
    return _counted(*shape, **values).values_list(*_COLUMNS)


def _rows_twice(
    depth: int,
    cadre: str,
    *,
    programme: int,
    course: int,
    edition: int,
    regions: list[int],
    dirty: list[int],
    changed: list[int],
) -> QuerySet[Any, Any]:
    """Return each region as if nothing had changed, marked with 0, and the dirty ones, marked with 1."""
    asked: dict[str, Any] = {"programme": programme, "course": course, "edition": edition}
    clean = _counted(depth, cadre, regions=regions, changed=[NO_UNIT], **asked)
    again = _counted(depth, cadre, regions=dirty, changed=changed, **asked)
    columns = ("is_again", *_COLUMNS)
    told = clean.annotate(is_again=Value(0)).values_list(*columns)
    return told.union(again.annotate(is_again=Value(1)).values_list(*columns), all=True)


def _kept(
    depth: int,
    cadre: str,
    top: str,
    paths: Collection[str],
    *,
    programme: int,
    course: int,
    edition: int,
) -> QuerySet[Any, Any]:
    """Return the communes of regions at these paths, which are so long: path, people, and how many completed."""
    of_map = AdministrativeUnit.objects.filter(edition=edition, level=Level.COMMUNE)
    # The index finds what lies in one province, and nothing sooner in several.
    inside = Q(path__startswith=top) if top else Q()
    units = of_map.annotate(region=Left("path", depth)).filter(inside, region__in=paths)
    mine = Q(tally_places__programme=programme, tally_places__course=course)
    kept = FilteredRelation("tally_places", condition=mine & Q(tally_places__cadre=cadre))
    told = [Coalesce(f"kept__{state}", Value(0)) for state in STATES]
    people, done = sum(told[1:], told[0]), Coalesce("kept__completed", 0)
    return units.order_by().annotate(kept=kept).values_list("path", people, done)


def _latest_places(
    cadre: str, *, programme: int, course: int, units: list[int]
) -> QuerySet[TallyPlace]:
    places = TallyPlace.objects.filter(programme=programme, course=course, cadre=cadre)
    return places.filter(unit__among=units).select_related("unit").order_by()


ROWS = CompiledQuery(_rows)
ROWS_TWICE = CompiledQuery(_rows_twice)
KEPT_COMMUNES = RememberedQuery(CompiledQuery(_kept))
LATEST_PLACES = CompiledQuery(_latest_places)
