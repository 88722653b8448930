"""The pages of the report that a process reads before its first visitor."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from lms.accounts.enums import OVERSIGHT_ROLES
from lms.accounts.models import User
from lms.core.pages_read_first import FirstPages
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import programmes_in_order

#: What one opens from the top of the report, by the level of the unit.
_BELOW: Final = {Level.DISTRICT: "completion_unit", Level.COMMUNE: "people"}


def visits() -> Iterator[tuple[User, str]]:
    """Yield the report, a district and the names of a commune, for somebody who oversees everything and for
    somebody who oversees a part.
    """
    programme = programmes_in_order().first()
    if programme is None:
        return
    active = User.objects.filter(is_active=True).order_by("pk")
    overseers = active.filter(role_assignments__role__in=OVERSIGHT_ROLES)
    for reader in (active.filter(is_superuser=True).first(), overseers.first()):
        if reader is None:
            continue
        yield reader, reverse("reporting:completion")
        own = AdministrativeUnit.objects.visible_to(reader).filter(edition=programme.edition_id)
        for level, page in _BELOW.items():
            unit = own.filter(level=level).order_by("path").first()
            if unit is not None:
                yield reader, reverse(f"reporting:{page}", args=[unit.pk])


PAGES: Final = FirstPages("reporting", visits)
