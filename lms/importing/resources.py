"""The lists that the platform itself takes in. Their owners stand below and know no imports."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import KEEPING_ROLES, Role
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
        "people are added and get a staff code if they have none, changed cells are written, and "
        "whoever moved gets the new post from the day in the list on, else from today."
    ),
    roles=KEEPING_ROLES,
    resource_class=PeopleResource,
)

POSTINGS = ImportKind(
    key="postings",
    label=_("Changes of posts"),
    order=110,
    help=_(
        "One row for each change: who, what changes (transfer, leaving, return, second post), the "
        "new commune, and from which day on or until when. Earlier posts stay on record."
    ),
    roles=KEEPING_ROLES,
    resource_class=PostingResource,
)

BOUNDARIES = ImportKind(
    key="boundaries",
    label=_("Boundary edition"),
    order=400,
    help=_(
        "One row for each unit of one edition: its code, level, name, the unit above, and the "
        "former units it was made of. A new edition is made as a whole; of a registered one names "
        "are corrected, and nothing is taken away. The map chosen below does not matter."
    ),
    roles=(Role.ADMINISTRATOR,),
    resource_class=BoundaryResource,
    for_province=True,
    on_a_map=False,
)
