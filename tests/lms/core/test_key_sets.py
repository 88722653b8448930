"""`among` finds what `in` finds, with one value for all keys."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from lms.accounts.models import Posting, User
from lms.core.audit_log import log_many
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("an array on PostgreSQL, JSON on SQLite"),
]
CODES = ["QT001", "x'y", 'a"b', "a,b", "{c}", "%s", "\\d", "Đ1"]


def test_rows_are_found_by_numbers_texts_and_relations(edition):
    people = [UserFactory(staff_code=code) for code in CODES]
    posting = PostingFactory(unit=unit("13384"), user=people[0])
    other = PostingFactory(unit=unit("13384"), user=UserFactory())

    keys = {people[0].pk, people[3].pk, 2**63 - 1}
    assert {one.pk for one in User.objects.filter(pk__among=keys)} == {people[0].pk, people[3].pk}
    found = User.objects.filter(staff_code__among=[*CODES[1:], "nobody"])
    assert set(found.values_list("staff_code", flat=True)) == set(CODES[1:])
    assert list(Posting.objects.filter(user__among=[people[0].pk])) == [posting]
    assert list(Posting.objects.exclude(user__among=keys)) == [other]


def test_rows_are_found_by_values_that_the_database_keeps_otherwise():
    log_many(objects=[UserFactory()], action="accounts.imported", by=None)
    entry = ModelLogEntry.objects.get()

    found = ModelLogEntry.objects.filter(uuid__among=[entry.uuid, uuid.uuid4()])

    assert found.get() == entry


def test_nothing_is_found_among_no_keys_and_nobody_asked():
    with CaptureQueriesContext(connection) as asked:
        assert not list(User.objects.filter(pk__among=[]))
    assert not asked.captured_queries


def test_any_number_of_keys_is_one_value():
    person = UserFactory()
    with CaptureQueriesContext(connection) as asked:
        assert User.objects.filter(pk__among=range(person.pk, person.pk + 70_000)).get() == person
    assert len(asked.captured_queries) == 1
