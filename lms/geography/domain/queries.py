"""Units with what a list of them says beside their own columns."""

from django.db.models import Case, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, When
from django.db.models.functions import Length, Substr

from lms.core.counting import count_of
from lms.geography.enums import Extent, Level
from lms.geography.models import AdministrativeUnit, UnitSuccession


def as_listed(units: QuerySet) -> QuerySet:
    """Add `parent_code`, and on a province how many `districts` and `communes` it has."""
    above = AdministrativeUnit.objects.filter(
        path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - AdministrativeUnit.steplen)
    )
    former = UnitSuccession.objects.select_related("from_unit").order_by("from_unit__code")
    return units.annotate(
        parent_code=Subquery(above.order_by().values("code")[:1]),
        districts=_counted(Level.DISTRICT),
        communes=_counted(Level.COMMUNE),
    ).prefetch_related(Prefetch("predecessors", former))


def former_codes(*, unit: AdministrativeUnit, extent: Extent) -> str:
    """Return the codes of the units that all, or a part, of the unit was made of;
    from `as_listed`.
    """
    rows = unit.predecessors.all()
    return "; ".join(row.from_unit.code for row in rows if row.extent == extent)


def _counted(level: Level) -> Case:
    """Return how many units of the level the edition has, told on its province alone."""
    of_edition = AdministrativeUnit.objects.filter(edition=OuterRef("edition"), level=level)
    return Case(
        When(level=Level.PROVINCE, then=count_of(of_edition)),
        default=None,
        output_field=IntegerField(),
    )
