import pytest

from lms.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.sqlite("raw SQL")


@pytest.mark.django_db
def test_bulk_create_of_five_hundred_is_one_statement(django_assert_num_queries):
    people = UserFactory.build_batch(500)
    with django_assert_num_queries(1):
        User.objects.bulk_create(people)
    assert User.objects.count() == 500
