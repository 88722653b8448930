"""Officials of two districts, and people whom lists speak of."""

from datetime import date

import pytest

from lms.accounts.models import User
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit
from tests.shared import shared


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


@shared
def root(db):
    return User.objects.create_superuser("QT-9", password=None, full_name="Vũ Thị Gốc")
