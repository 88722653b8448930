"""The office that a paper of the report comes from."""

from django.utils.translation import gettext as _

from lms.accounts.enums import OVERSIGHT_ROLES
from lms.accounts.models import User
from lms.core.models import site_details
from lms.geography.models import AdministrativeUnit


def office_of(reader: User) -> str:
    """Return the office for which the reader watches: the one that runs the training for whoever
    oversees the province, else the people's committee of the uppermost unit of the roles.
    """
    if reader.scope.oversees_province:
        return site_details().unit
    paths = [path for role, path in reader.scope.assignments if role in OVERSIGHT_ROLES]
    units = AdministrativeUnit.objects.filter(path__in=paths).order_by("depth", "path")
    found = units.first()
    return _("People's Committee of %(unit)s") % {"unit": found} if found else ""
