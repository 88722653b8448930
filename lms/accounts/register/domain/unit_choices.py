"""Which units a person chooses from: those of the edition that is in use for them."""

from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When

from lms.accounts.models import User
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit, BoundaryEdition


def usual_editions(*, by: User, on: date) -> QuerySet[BoundaryEdition]:
    """Return the edition in use on this day first;
    while there is none, the latest that the roles stand on.
    """
    own = BoundaryEdition.objects.filter(units__role_assignments__user=by).values("pk")
    used = Q(in_use_from__lte=on)
    in_use = Case(When(used, then=Value(1)), default=Value(0))
    return BoundaryEdition.objects.filter(used | Q(pk__in=own)).order_by(
        in_use.desc(), "-valid_from"
    )


def usual_units(
    *, by: User, on: date, units: QuerySet[AdministrativeUnit], keep: int | None = None
) -> QuerySet[AdministrativeUnit]:
    """Return those of the usual edition, and the one to keep;
    a superuser without roles chooses from all.
    """
    if by.scope.everywhere:
        return units
    usual = usual_editions(by=by, on=on).values("pk")[:1]
    return units.filter(Q(edition__in=usual) | Q(pk=keep))


def usual_districts(*, by: User, on: date) -> QuerySet[AdministrativeUnit]:
    """Return the districts in sight by which lists are filtered: of the usual edition,
    if it has any.
    """
    districts = AdministrativeUnit.objects.visible_to(by).districts()
    if by.scope.everywhere:
        return districts
    with_districts = usual_editions(by=by, on=on).filter(units__level=Level.DISTRICT)
    return districts.filter(edition__in=with_districts.values("pk")[:1])
