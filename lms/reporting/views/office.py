"""The office that a paper of the report comes from."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.core.models import site_details
from lms.geography.models import AdministrativeUnit


def office_of(reader: User, among: Iterable[AdministrativeUnit] = ()) -> str:
    """Return the office for which the reader watches: the one that runs the training for whoever
    oversees the province, else the people's committee of the uppermost unit of the roles; no query
    where that one is `among` those at hand.
    """
    if reader.scope.oversees_province:
        return site_details().unit
    path = reader.scope.uppermost_path
    at_hand = (unit for unit in among if unit.path == path)
    found = next(at_hand, None) or AdministrativeUnit.objects.filter(path=path).first()
    return _("People's Committee of %(unit)s") % {"unit": found} if found else ""
