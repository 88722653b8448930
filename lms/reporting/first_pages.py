"""The pages of the report that a process reads before its first visitor."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from django.contrib.auth import get_backends
from django.urls import reverse

from courses.models import Programme
from lms.accounts.enums import OVERSIGHT_ROLES
from lms.accounts.models import User
from lms.core.pages_read_first import FirstPages
from lms.geography.enums import Level
from lms.geography.models import AdministrativeUnit
from lms.reporting.domain.queries import programmes_in_order

#: Of so many programmes, the latest: one that is over for years is seldom asked for.
_PROGRAMMES: Final = 5
#: What one opens from the top of the report, by the level of the unit.
_BELOW: Final = {Level.DISTRICT: "completion_unit", Level.COMMUNE: "people"}


def visits() -> Iterator[tuple[User, str]]:
    """Yield the report, a district and the names of a commune, for somebody who oversees everything, for somebody
    who oversees a part, and a province; of each programme, the one that is shown unasked first.
    """
    programmes = programmes_in_order()[:_PROGRAMMES]
    if not programmes:
        return
    active = User.objects.filter(is_active=True).order_by("pk")
    overseers = active.filter(role_assignments__role__in=OVERSIGHT_ROLES)
    of_province = overseers.filter(role_assignments__unit__level=Level.PROVINCE)
    found = (active.filter(is_superuser=True).first(), overseers.first(), of_province.first())
    # As a session finds them, which is a query of its own.
    backend, *_others = get_backends()
    pks = dict.fromkeys(one.pk for one in found if one is not None)
    readers: list[Any] = [backend.get_user(pk) for pk in pks]
    shown_unasked = programmes[0]
    for programme, reader in product(programmes, readers):
        asked = "" if programme == shown_unasked else f"?programme={programme.pk}"
        for page in _pages(reader, programme):
            yield reader, f"{page}{asked}"


def _pages(reader: User, programme: Programme) -> Iterator[str]:
    yield reverse("reporting:completion")
    seen = AdministrativeUnit.objects.visible_to(reader).filter(edition=programme.edition_id)
    for level, page in _BELOW.items():
        unit = seen.filter(level=level).order_by("path").first()
        if unit is not None:
            yield reverse(f"reporting:{page}", args=[unit.pk])


PAGES: Final = FirstPages("reporting", visits)
