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
    examples=(
        {
            "full_name": "Nguyễn Thị Ví Dụ",
            "year_of_birth": "1980",
            "sex": "Nữ",
            "phone": "0912 345 678",
            "unit": "Xã Khả Phong",
            "district": "Huyện Kim Bảng",
            "cadre": "Cộng tác viên thôn",
        },
        {
            "full_name": "Trần Văn Mẫu",
            "year_of_birth": "1975",
            "sex": "Nam",
            "unit": "Thị trấn Quế",
            "district": "Huyện Kim Bảng",
            "cadre": "Cán bộ xã",
        },
    ),
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
    examples=(
        {
            "full_name": "Nguyễn Thị Ví Dụ",
            "year_of_birth": "1980",
            "unit": "Xã Khả Phong",
            "change": "Chuyển công tác",
            "to_unit": "Thị trấn Quế",
            "since": "01/06/2014",
        },
        {
            "full_name": "Trần Văn Mẫu",
            "year_of_birth": "1958",
            "unit": "Thị trấn Quế",
            "change": "Nghỉ hưu",
            "until": "31/05/2014",
        },
    ),
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
    examples=(
        {
            "edition": "2014-01-01",
            "valid_from": "01/01/2014",
            "legal_basis": "Nghị quyết số …",
            "level": "Huyện",
            "code": "350",
            "kind": "huyện",
            "name": "Kim Bảng",
            "parent_code": "35",
        },
        {
            "edition": "2014-01-01",
            "level": "Xã",
            "code": "13384",
            "kind": "thị trấn",
            "name": "Quế",
            "parent_code": "350",
            "whole_from": "13384; 13387",
        },
    ),
)
