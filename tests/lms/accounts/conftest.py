"""People in two districts, and a browser for each."""

import pytest
from django.test import Client

from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit


@pytest.fixture
def make_official(edition):
    """A person with a role on the unit with this code, who may open the admin."""

    def make(role, code, **fields):
        user = UserFactory(**fields)
        assign_role(user=user, role=role, unit=unit(code))
        return user

    return make


@pytest.fixture
def coordinator(make_official):
    return make_official(Role.COORDINATOR, "350", full_name="Phạm Văn Huyện")


@pytest.fixture
def administrator(make_official):
    return make_official(Role.ADMINISTRATOR, "35", full_name="Vũ Thị Quản")


@pytest.fixture
def neighbour(edition):
    """Posted in Kim Bảng."""
    return PostingFactory(
        unit=unit("13384"), user__full_name="Trần Văn Nhà", user__phone="+84912345678"
    ).user


@pytest.fixture
def stranger(edition):
    """Posted in Lý Nhân; the name must never reach Kim Bảng."""
    return PostingFactory(
        unit=unit("13591"), user__full_name="Lê Thị Lạ", user__phone="+84987654321"
    ).user


@pytest.fixture
def browse():
    def make(user):
        client = Client()
        client.force_login(user)
        return client

    return make
