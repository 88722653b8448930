"""The lists that the platform itself takes in. Their owners stand below and know no imports."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import MANAGING_ROLES, Role
from lms.accounts.rosters.resources.people import PeopleResource
from lms.accounts.rosters.resources.postings import PostingResource
from lms.geography.resources import BoundaryResource
from lms.importing.extensions import ImportKind

PEOPLE = ImportKind(
    key="people",
    label=_("People and their posts"),
    order=100,
    help=_(
        "One row for each person: staff code, name, phone, year of birth, commune, cadre. New "
        "people are added and given a staff code if they have none, changed cells are written, "
        "and anyone who has moved gets the new post from the date in the list or, without one, "
        "from today."
    ),
    roles=MANAGING_ROLES,
    resource_class=PeopleResource,
)

POSTINGS = ImportKind(
    key="postings",
    label=_("Changes of posts"),
    order=110,
    help=_(
        "One row for each change: the person, what changes (transfer, leaving, return, second "
        "post), the new commune, and the start or end date. Earlier posts stay on record."
    ),
    roles=MANAGING_ROLES,
    resource_class=PostingResource,
)

BOUNDARIES = ImportKind(
    key="boundaries",
    label=_("Boundary edition"),
    order=400,
    help=_(
        "One row for each unit of one edition: its code, level, name, parent unit, and the "
        "former units it was formed from. A new edition is created as a whole; in an existing "
        "one only names are corrected, and nothing is removed. The map chosen below does not "
        "matter."
    ),
    roles=(Role.ADMINISTRATOR,),
    resource_class=BoundaryResource,
    for_province=True,
    on_a_map=False,
)
