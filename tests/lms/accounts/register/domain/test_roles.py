"""Roles given and taken: the rows, the Wagtail group, the log, and who may."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from wagtail.models import GroupCollectionPermission, GroupPagePermission, ModelLogEntry, Page

from lms.accounts.enums import Role
from lms.accounts.models import RoleAssignment, User
from lms.accounts.register.domain.roles import (
    GROUP_NAMES,
    RoleWrite,
    assign_role,
    ensure_role_groups,
    withdraw_role,
    write_roles,
)
from tests.factories.accounts import UserFactory
from tests.factories.geography import unit
from tests.shared import shared


@shared
def person(edition):
    return UserFactory()


def fresh(user):
    return User.objects.get(pk=user.pk)


GROUPS = {
    Role.ADMINISTRATOR: "Quản trị",
    Role.MONITOR: "Cán bộ Sở",
    Role.COORDINATOR: "Điều phối huyện",
    Role.FOCAL_POINT: "Đầu mối cấp xã",
    Role.TRAINER: "Giảng viên",
    Role.REVIEWER: "Người duyệt nội dung",
}


@pytest.mark.parametrize(("role", "group"), GROUPS.items())
def test_role_opens_the_admin_through_its_group(person, role, group):
    assign_role(user=person, role=role, unit=unit("350"))

    assert [g.name for g in person.groups.all()] == [group]
    assert fresh(person).has_perm("wagtailadmin.access_admin")
    assert fresh(person).scope.has_role(role)


@pytest.mark.parametrize("is_batch", [False, True])
def test_role_given_twice_is_one_assignment(person, is_batch):
    if is_batch:
        give = RoleWrite(person, Role.TRAINER, takes=unit("350"))
        assert write_roles(writes=[give, give]) == [True, False]
    else:
        for _time in range(2):
            assign_role(user=person, role=Role.TRAINER, unit=unit("350"))
        assert ModelLogEntry.objects.for_instance(person).count() == 1

    assert RoleAssignment.objects.filter(user=person).count() == 1


def test_log_names_role_place_and_giver_who_gives_none_in_another_district(person):
    by = UserFactory()
    assign_role(user=by, role=Role.ADMINISTRATOR, unit=unit("350"))
    with pytest.raises(PermissionDenied):
        assign_role(user=person, role=Role.COORDINATOR, unit=unit("353"), by=by)

    assign_role(user=person, role=Role.COORDINATOR, unit=unit("350"), by=by)

    entry = ModelLogEntry.objects.for_instance(person).get()
    assert (entry.action, entry.user) == ("accounts.role_assigned", by)
    assert entry.data == {"role": "coordinator", "unit": "huyện Kim Bảng"}
    for part in (str(Role.COORDINATOR.label), "huyện Kim Bảng"):
        assert part in str(entry.message)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_an_administrator_gives_and_takes_roles(person, role):
    by = UserFactory()
    assign_role(user=by, role=role, unit=unit("35"))

    with pytest.raises(PermissionDenied):
        assign_role(user=person, role=Role.COORDINATOR, unit=unit("350"), by=by)
    with pytest.raises(PermissionDenied):
        withdraw_role(user=by, role=role, unit=unit("35"), by=by)

    assert not RoleAssignment.objects.filter(user=person).exists()
    assert RoleAssignment.objects.filter(user=by).count() == 1


def test_administrator_alone_is_staff_as_long_as_the_role_is_held_but_for_a_superuser(person):
    assign_role(user=person, role=Role.TRAINER, unit=unit("35"))
    assert not fresh(person).is_staff
    assign_role(user=person, role=Role.ADMINISTRATOR, unit=unit("35"))
    assert fresh(person).is_staff

    root = User.objects.create_superuser("SU1", "Vũ Thị Gốc")
    assign_role(user=root, role=Role.ADMINISTRATOR, unit=unit("35"))

    for holder in (person, root):
        withdraw_role(user=holder, role=Role.ADMINISTRATOR, unit=unit("35"))
    assert (fresh(person).is_staff, fresh(root).is_staff) == (False, True)


def test_role_counts_at_once_for_an_object_in_hand_and_withdrawn_closes_the_admin(person):
    assert not person.scope.oversees
    assign_role(user=person, role=Role.COORDINATOR, unit=unit("350"))
    assert person.scope.oversees

    assert withdraw_role(user=person, role=Role.COORDINATOR, unit=unit("350")) is True

    assert not person.groups.exists()
    assert not fresh(person).has_perm("wagtailadmin.access_admin")
    assert not person.scope.oversees
    assert ModelLogEntry.objects.filter(action="accounts.role_withdrawn").count() == 1


def test_role_held_elsewhere_keeps_the_group(person):
    assign_role(user=person, role=Role.COORDINATOR, unit=unit("350"))
    assign_role(user=person, role=Role.COORDINATOR, unit=unit("353"))

    withdraw_role(user=person, role=Role.COORDINATOR, unit=unit("350"))

    assert [g.name for g in person.groups.all()] == ["Điều phối huyện"]
    assert person.scope.covers(unit("353").path)
    assert not person.scope.covers(unit("350").path)


def test_role_that_nobody_holds_is_withdrawn_in_silence(person):
    assert withdraw_role(user=person, role=Role.COORDINATOR, unit=unit("350")) is False

    assert not ModelLogEntry.objects.exists()


def test_groups_without_a_course_root_write_no_pages(edition):
    ensure_role_groups()

    ours = list(GROUP_NAMES.values())
    assert Group.objects.filter(name__in=ours).count() == len(Role)
    assert not GroupPagePermission.objects.filter(group__name__in=ours).exists()


def test_groups_are_made_once(person):
    root = Page.objects.get(depth=1)

    ensure_role_groups(course_root=root)
    rights = (GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count())
    groups = ensure_role_groups(course_root=root)

    assert {role: group.name for role, group in groups.items()} == GROUPS
    again = (GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count())
    assert again == rights


def test_trainers_write_below_the_course_root_only(person):
    home = Page.objects.get(depth=1)
    courses = home.add_child(instance=Page(title="Khoá học", slug="khoa-hoc"))
    elsewhere = home.add_child(instance=Page(title="Khác", slug="khac"))

    groups = ensure_role_groups(course_root=courses)
    assign_role(user=person, role=Role.TRAINER, unit=unit("350"))
    trainer = fresh(person)

    assert courses.permissions_for_user(trainer).can_publish()
    assert courses.permissions_for_user(trainer).can_add_subpage()
    assert not elsewhere.permissions_for_user(trainer).can_edit()
    assert groups[Role.TRAINER].collection_permissions.count() == 4


@pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.FOCAL_POINT])
def test_those_who_only_look_write_no_pages(person, role):
    root = Page.objects.get(depth=1)
    ensure_role_groups(course_root=root)

    assign_role(user=person, role=role, unit=unit("35"))

    assert not root.permissions_for_user(fresh(person)).can_edit()
    assert not Group.objects.get(user=person).collection_permissions.exists()


# --- Many at once -----------------------------------------------------------


def test_role_that_is_not_held_does_not_go_on(person):
    done = write_roles(
        writes=[RoleWrite(person, Role.TRAINER, ends=unit("350"), takes=unit("353"))]
    )

    assert done == [False]
    assert not RoleAssignment.objects.exists()
    assert not person.groups.exists()


def test_role_that_goes_on_keeps_its_row_and_its_group(person):
    role = assign_role(user=person, role=Role.ADMINISTRATOR, unit=unit("350"))

    write_roles(writes=[RoleWrite(person, Role.ADMINISTRATOR, ends=unit("350"), takes=unit("353"))])

    role.refresh_from_db()
    assert role.unit == unit("353")
    assert person.groups.count() == 1
    assert fresh(person).is_staff


@pytest.mark.parametrize("count", [2, 20])
def test_statements_do_not_grow_with_the_people(edition, django_assert_num_queries, count):
    ensure_role_groups()
    people = [UserFactory() for _number in range(count)]
    here, there = unit("350"), unit("353")
    write_roles(writes=[RoleWrite(one, Role.TRAINER, takes=here) for one in people])

    # The people, their roles, one update, the group, who is in it already.
    with django_assert_num_queries(5):
        write_roles(writes=[RoleWrite(one, Role.TRAINER, ends=here, takes=there) for one in people])

    assert RoleAssignment.objects.filter(unit=there).count() == count
