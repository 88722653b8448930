import pytest
from django.db.models import OuterRef

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting, RoleAssignment, User
from lms.accounts.register.domain.roles import assign_role
from lms.core.counting import count_of
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit

pytestmark = pytest.mark.sqlite("grouping in a subquery")


def test_counts_of_two_tables_do_not_multiply_and_nothing_is_nought(edition):
    busy, idle = UserFactory(), UserFactory()
    for cadre in list(Cadre)[:3]:
        PostingFactory(user=busy, unit=unit("13387"), cadre=cadre)
    for code in ("35", "350"):
        assign_role(user=busy, role=Role.MONITOR, unit=unit(code))
    own = {"user": OuterRef("pk")}

    counted = User.objects.annotate(
        posts=count_of(Posting.objects.filter(**own)),
        places=count_of(Posting.objects.filter(**own), of="unit"),
        roles=count_of(RoleAssignment.objects.filter(**own)),
    ).values_list("pk", "posts", "places", "roles")

    assert set(counted) == {(busy.pk, 3, 1, 2), (idle.pk, 0, 0, 0)}
