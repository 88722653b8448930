"""Who sees whom: each role, own and other district."""

from datetime import date

import pytest

from lms.accounts.enums import Role
from lms.accounts.models import Posting, User
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import (
    PostingFactory,
    RoleAssignmentFactory,
    UserFactory,
    make_official,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite("search: LIKE, case and order of letters")]

# What a role on a unit shows: people in Kim Bảng, people in Lý Nhân.
MATRIX = [
    (Role.ADMINISTRATOR, "35", True, True), (Role.ADMINISTRATOR, "350", True, False),
    (Role.MONITOR, "35", True, True), (Role.MONITOR, "353", False, True),
    (Role.COORDINATOR, "350", True, False), (Role.COORDINATOR, "353", False, True),
    (Role.COORDINATOR, "13384", True, False), (Role.COORDINATOR, "13387", False, False),
    (Role.FOCAL_POINT, "13384", True, False), (Role.FOCAL_POINT, "13591", False, True),
    (Role.TRAINER, "35", False, False), (Role.REVIEWER, "35", False, False),
    (Role.TRAINER, "350", False, False), (None, "", False, False),
]  # fmt: skip


@pytest.fixture
def watcher(edition):
    def make(role, code):
        user = UserFactory(full_name="Người xem")
        if role:
            RoleAssignmentFactory(user=user, role=role, unit=unit(code))
        return User.objects.get(pk=user.pk)

    return make


@shared
def kim_bang(edition):
    return PostingFactory(unit=unit("13384"))


@shared
def ly_nhan(edition):
    return PostingFactory(unit=unit("13591"))


@pytest.mark.parametrize(("role", "code", "sees_kim_bang", "sees_ly_nhan"), MATRIX)
def test_people_and_posts_are_seen_by_those_who_oversee_their_unit(
    watcher, kim_bang, ly_nhan, role, code, sees_kim_bang, sees_ly_nhan
):
    user = watcher(role, code)

    posts = ({kim_bang} if sees_kim_bang else set()) | ({ly_nhan} if sees_ly_nhan else set())
    assert set(Posting.objects.visible_to(user)) == posts
    assert set(User.objects.visible_to(user)) == {user, *(post.user for post in posts)}


def test_own_posting_elsewhere_is_seen_but_not_overseen(watcher, kim_bang, ly_nhan):
    coordinator = watcher(Role.COORDINATOR, "350")
    own = PostingFactory(user=coordinator, unit=unit("13591"))

    assert set(Posting.objects.visible_to(coordinator)) == {kim_bang, own}
    assert set(Posting.objects.overseen_by(coordinator)) == {kim_bang}
    assert list(Posting.objects.visible_to(kim_bang.user)) == [kim_bang]


def test_superuser_sees_everybody(kim_bang, ly_nhan):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")

    assert set(Posting.objects.visible_to(root)) == {kim_bang, ly_nhan}
    assert set(User.objects.visible_to(root)) == {root, kim_bang.user, ly_nhan.user}
    assert AdministrativeUnit.objects.visible_to(root).count() == 7


@pytest.mark.parametrize(
    ("role", "code", "codes"),
    [
        (Role.COORDINATOR, "350", {"350", "13384", "13387"}),
        (Role.COORDINATOR, "13384", {"13384"}),
        (Role.MONITOR, "35", {"35", "350", "13384", "13387", "353", "13591", "13588"}),
        (Role.TRAINER, "35", set()),
        (None, "", set()),
    ],
)
def test_units_are_seen_downwards_from_the_role(watcher, role, code, codes):
    seen = AdministrativeUnit.objects.visible_to(watcher(role, code))

    assert {one.code for one in seen} == codes


@pytest.mark.parametrize(
    ("role", "code", "seen"),
    [
        (Role.ADMINISTRATOR, "35", True),
        (Role.ADMINISTRATOR, "350", False),
        (Role.MONITOR, "35", False),
        (Role.COORDINATOR, "35", False),
    ],
)
def test_person_of_no_district_is_for_administrators_of_the_province(watcher, role, code, seen):
    nobody, user = UserFactory(), watcher(role, code)

    assert (nobody in User.objects.visible_to(user)) is seen
    assert (nobody in User.objects.manageable_by(user)) is seen


@pytest.mark.parametrize(
    ("role", "code", "oversees", "administers"),
    [
        (Role.ADMINISTRATOR, "35", True, True),
        (Role.MONITOR, "35", True, False),
        (Role.COORDINATOR, "35", True, False),
        (Role.TRAINER, "35", False, False),
        (Role.ADMINISTRATOR, "350", False, False),
        (None, "", False, False),
    ],
)
def test_province_is_reached_by_a_role_on_its_root(watcher, role, code, oversees, administers):
    scope = watcher(role, code).scope

    assert (scope.oversees_province, scope.administers_province) == (oversees, administers)


def test_holder_of_a_role_is_seen_where_it_holds(watcher, monitor):
    trainer = make_official(Role.TRAINER, "350")
    own, other = (User.objects.visible_to(watcher(Role.COORDINATOR, at)) for at in ("350", "353"))

    assert trainer in own
    assert trainer not in other
    # That of somebody on the province is not seen from a district.
    assert monitor not in own


def test_person_who_moved_away_is_seen_in_both_districts_and_managed_in_the_new_one(
    watcher, kim_bang
):
    set_fields(kim_bang, valid_to=date(2014, 5, 1))
    old, new = watcher(Role.COORDINATOR, "350"), watcher(Role.COORDINATOR, "353")
    assert kim_bang.user in User.objects.manageable_by(old)

    PostingFactory(user=kim_bang.user, unit=unit("13591"), valid_from=date(2014, 5, 2))

    assert all(kim_bang.user in User.objects.visible_to(one) for one in (old, new))
    assert kim_bang.user not in User.objects.manageable_by(old)
    assert kim_bang.user in User.objects.manageable_by(new)


def test_person_with_two_postings_is_one_row(watcher, kim_bang):
    PostingFactory(user=kim_bang.user, unit=unit("13387"))

    seen = User.objects.visible_to(watcher(Role.COORDINATOR, "350"))

    assert list(seen).count(kim_bang.user) == 1


def test_neighbouring_path_is_not_below(watcher, edition):
    # The paths of siblings begin alike up to the last step only.
    user = watcher(Role.COORDINATOR, "13384")

    assert not user.scope.covers(unit("13387").path)
    assert user.scope.covers(unit("13384").path)


@pytest.mark.parametrize(("role", "code"), [(Role.COORDINATOR, "350"), (Role.TRAINER, "35")])
def test_scope_takes_one_query_a_request(watcher, django_assert_num_queries, role, code):
    user = watcher(role, code)

    with django_assert_num_queries(1):
        for _number in range(3):
            assert user.scope.has_role(role)


def test_coordinator_manages_people_without_a_role_administrator_all_but_superusers(
    watcher, kim_bang, ly_nhan
):
    trainer = PostingFactory(unit=unit("13384")).user
    RoleAssignmentFactory(user=trainer, role=Role.TRAINER, unit=unit("350"))
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    PostingFactory(user=root, unit=unit("13384"))
    coordinator = watcher(Role.COORDINATOR, "350")
    administrator = watcher(Role.ADMINISTRATOR, "350")

    assert set(User.objects.manageable_by(coordinator)) == {kim_bang.user}
    managed = set(User.objects.manageable_by(administrator)) - {coordinator}
    assert managed == {administrator, kim_bang.user, trainer}
    assert root in User.objects.manageable_by(root)


@pytest.mark.parametrize("role", [Role.MONITOR, Role.FOCAL_POINT, Role.TRAINER, Role.REVIEWER])
def test_whoever_only_watches_manages_nobody(watcher, kim_bang, role):
    assert not User.objects.manageable_by(watcher(role, "35")).exists()


@pytest.mark.parametrize("role", [Role.MONITOR, Role.FOCAL_POINT])
def test_watching_one_district_lends_no_power_from_another(watcher, kim_bang, ly_nhan, role):
    user = watcher(Role.ADMINISTRATOR, "350")
    RoleAssignmentFactory(user=user, role=role, unit=unit("353"))
    user = User.objects.get(pk=user.pk)

    assert ly_nhan.user in User.objects.visible_to(user)
    # The own role in Lý Nhân is not the own to change, either: somebody above gave it.
    assert set(User.objects.manageable_by(user)) == {kim_bang.user}


def test_administrator_of_a_district_manages_nobody_with_a_role_above(watcher, kim_bang):
    RoleAssignmentFactory(user=kim_bang.user, role=Role.ADMINISTRATOR, unit=unit("35"))

    assert kim_bang.user not in User.objects.manageable_by(watcher(Role.ADMINISTRATOR, "350"))
    assert kim_bang.user in User.objects.manageable_by(watcher(Role.ADMINISTRATOR, "35"))


def test_holders_of_a_role_are_found_with_superusers_and_without_the_inactive(edition):
    root = User.objects.create_superuser("SU1", "Ngô Văn Gốc")
    trainer = make_official(Role.TRAINER, "350")
    RoleAssignmentFactory(role=Role.TRAINER, unit=unit("350"), user__is_active=False)
    RoleAssignmentFactory(role=Role.MONITOR, unit=unit("35"))

    assert set(User.objects.with_role(Role.TRAINER)) == {root, trainer}
