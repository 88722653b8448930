"""Which edition the register stands on."""

from datetime import date

from lms.geography.models import BoundaryEdition


def edition_in_use(*, on: date) -> BoundaryEdition | None:
    """Return the edition that has taken effect last by this day; None while none ever has."""
    begun = BoundaryEdition.objects.filter(in_use_from__lte=on)
    return begun.order_by("valid_from").last()
