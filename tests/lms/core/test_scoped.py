"""The walk: every registered scoped view, as a coordinator of another district."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from lms.accounts.enums import Role
from lms.accounts.models import User
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory
from tests.factories.geography import unit


@pytest.fixture
def coordinator(edition):
    user = RoleAssignmentFactory(
        role=Role.COORDINATOR, unit=unit("350"), user__full_name="Phạm Văn Huyện"
    ).user
    group = Group.objects.create(name="Điều phối")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


@pytest.fixture
def client(coordinator):
    client = Client()
    client.force_login(coordinator)
    return client


@pytest.fixture
def neighbour(edition):
    return PostingFactory(unit=unit("13384"), user__full_name="Trần Văn Nhà").user


@pytest.fixture
def stranger(edition):
    return PostingFactory(unit=unit("13591"), user__full_name="Lê Thị Lạ").user


def test_list_shows_own_district_only(client, neighbour, stranger):
    page = client.get(reverse("wagtailusers_users:index")).content.decode()

    assert "Trần Văn Nhà" in page
    assert "Lê Thị Lạ" not in page


@pytest.mark.parametrize("name", ["edit", "inspect", "history"])
def test_row_of_own_district_opens(client, neighbour, name):
    assert client.get(reverse(f"wagtailusers_users:{name}", args=[neighbour.pk])).status_code == 200


@pytest.mark.parametrize("name", ["edit", "inspect", "history", "history_results"])
def test_row_of_other_district_is_not_found_and_names_nobody(client, stranger, name):
    response = client.get(reverse(f"wagtailusers_users:{name}", args=[stranger.pk]))

    assert response.status_code == 404
    assert "Lê Thị Lạ" not in response.content.decode()


def test_edit_posted_for_other_district_changes_nothing(client, stranger):
    response = client.post(
        reverse("wagtailusers_users:edit", args=[stranger.pk]), {"full_name": "X", "staff_code": "X"}
    )

    assert response.status_code == 404
    assert User.objects.get(pk=stranger.pk).full_name == "Lê Thị Lạ"
