"""Officials of two districts, and people whom lists speak of."""

from datetime import date

import pytest
from django.test import Client

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit


@pytest.fixture
def make_official(edition):
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
def make_person(edition):
    """Somebody with a post; `code` of the commune."""

    def make(name="Trần Văn Nhà", code="13384", **fields):
        post = PostingFactory(
            unit=unit(code),
            valid_from=date(2014, 1, 1),
            user=UserFactory(full_name=name, **fields),
        )
        return post.user

    return make


@pytest.fixture
def browse():
    def make(user):
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def root(db):
    return User.objects.create_superuser("QT-9", password=None, full_name="Vũ Thị Gốc")
