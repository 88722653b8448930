"""The list that the platform itself takes in: people. They stand below and know no imports."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import KEEPING_ROLES
from lms.accounts.resources import PeopleResource
from lms.importing.extensions import ImportKind

PEOPLE = ImportKind(
    key="people",
    label=_("People and their posts"),
    order=100,
    help=_(
        "One row for each person: staff code, name, phone, year of birth, commune, cadre. New "
        "people are added, changed cells are written, and whoever moved gets the new post from "
        "today on."
    ),
    roles=KEEPING_ROLES,
    resource_class=PeopleResource,
)
